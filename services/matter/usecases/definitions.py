"""Publish matters, list them, show their guides."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.matter.domain.definition import Definition
from services.matter.domain.definition.check import Problem
from services.matter.domain.errors import DefinitionInvalid, MatterNotFound
from services.matter.domain.ports import Components, MatterTransaction, MatterTransactions, Published
from services.matter.usecases.references import find_missing
from shared_components.kernel.paging import PagedList

MATTERS = PagedList[str]("matter.list_matters", str)


class ReadDefinition(Protocol):
    """A definition as its file was read."""

    @property
    def data(self) -> Mapping[str, Any]: ...

    def told(self, problems: Sequence[Problem]) -> list[dict[str, Any]]:
        """Problems with the lines of the file."""
        ...


def publish_definition(tx: MatterTransaction, *, tenant: str, data: Mapping[str, Any]) -> Published:
    """A new version for cases that start from now on; the same declaration again is the same version.

    data: has passed the schema and the checks.
    """
    # In its own order: the form's fields in another order are another declaration.
    digest = hashlib.sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()
    latest = tx.definitions.latest_alone(tenant, data["matter_code"])
    if latest is not None and latest.digest == digest:
        return latest
    version = latest.definition.version + 1 if latest is not None else 1
    published = Published(Definition.of(data, version), digest, tx.clock.now())
    tx.definitions.add(tenant, published)
    return published


def publish_checked(
    transactions: MatterTransactions, components: Components, sources: Sequence[str], *, tenant: str,
    read: ReadDefinition, allow_missing: bool,
) -> dict[str, Any]:
    """Publish a definition after everything that it names was looked up.

    allow_missing: publish it all the same; what is missing or could not be looked up is told as warnings.
    Raises DefinitionInvalid, and whatever a component answers that cannot be asked now.
    """
    warnings = read.told(find_missing(read.data, components, sources, tolerant=allow_missing))
    if warnings and not allow_missing:
        raise DefinitionInvalid.of(warnings)
    with transactions.begin(tenant) as tx:
        published = publish_definition(tx, tenant=tenant, data=read.data)
    return {**summary_view(published), "warnings": warnings}


def list_matters(tx: MatterTransaction, *, tenant: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """By matter code, a page at a time."""
    page = MATTERS.asked(asked, tenant)
    found = tx.definitions.list_latest(tenant, after=page.after, limit=page.fetch)
    return page.reply(found, view=summary_view, key=lambda published: published.definition.matter_code)


def get_guide(tx: MatterTransaction, *, tenant: str, matter_code: str) -> Published:
    """Raises MatterNotFound."""
    published = tx.definitions.latest(tenant, matter_code)
    if published is None:
        raise MatterNotFound(f"there is no matter {matter_code!r}; list_matters names those there are")
    return published


def summary_view(published: Published) -> dict[str, Any]:
    definition = published.definition
    return {
        "matter_code": definition.matter_code,
        "version": definition.version,
        "item_code": definition.item_code,
        "title_zh": definition.title.zh,
        "title_en": definition.title.en,
        "department_code": definition.department_code,
        "department_name": definition.department_name.zh,
        "published_at": published.published_at,
    }


def guide_view(published: Published) -> dict[str, Any]:
    definition = published.definition
    return summary_view(published) | {
        "applicant_kinds": list(definition.applicant_kinds),
        "applicant_level": definition.applicant_level,
        "guide": definition.data["guide"],
        "form": definition.form,
        "steps": [_step_view(definition, name) for name in (step.name for step in definition.steps)],
    }


def _step_view(definition: Definition, name: str) -> dict[str, Any]:
    step = definition.step(name)
    return {
        "step": step.name,
        "kind": step.kind,
        "title_zh": step.title.zh,
        "title_en": step.title.en,
        "after": list(step.after),
        "optional": step.optional or step.when is not None,
        "limit_working_days": step.limit_working_days,
    }
