"""Publish matters."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.matter.cases.usecases.kind import Kinds
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.problems import LinedProblem, Problem
from services.matter.definitions.domain.published import Published
from services.matter.definitions.usecases.views import PublishedView, published_view
from services.matter.publishing.usecases.find_missing import find_missing
from shared_components.kernel.transactions import Begins, HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class PublishedDefinitions(Protocol):
    def latest_alone(self, tenant: str, matter_code: str) -> Published | None:
        """The newest version; until this transaction ends, nobody else reads it so, and adds one."""
        ...

    def add(self, tenant: str, published: Published) -> None: ...


class PublishTx(HasClock, Protocol):
    """The part of a transaction that publishing uses."""

    @property
    def definitions(self) -> PublishedDefinitions: ...


class DefinitionFile(Protocol):
    """A definition as its file was read: its data has passed the schema and the checks."""

    @property
    def data(self) -> Mapping[str, Any]: ...

    def told(self, problems: Sequence[Problem]) -> Sequence[LinedProblem]:
        """Problems with the lines of the file."""
        ...


@dataclass(frozen=True, slots=True)
class PublishMatter:
    """allow_missing: publish all the same; what is missing or could not be looked up is told as warnings."""

    definition_yaml: str
    allow_missing: bool = False


def publish_matter(
    transactions: Begins[PublishTx], kinds: Kinds[Any], components: Any, sources: Sequence[str],
    read: Callable[[str], DefinitionFile], command: PublishMatter, context: CallContext,
) -> PublishedView:
    """Publish a definition after everything that it names was looked up.

    sources: who may answer callbacks of the tenant's cases.
    Raises DefinitionInvalid, and whatever a component answers that cannot be asked now.
    """
    file = read(command.definition_yaml)
    warnings = file.told(find_missing(file.data, kinds, components, sources, tolerant=command.allow_missing))
    if warnings and not command.allow_missing:
        raise DefinitionInvalid.of(warnings)
    with transactions.begin(context.tenant) as tx:
        published = publish_definition(tx, tenant=context.tenant, data=file.data)
    return published_view(published, warnings)


def publish_definition(tx: PublishTx, *, tenant: str, data: Mapping[str, Any]) -> Published:
    """Publish a new version for cases that start from now on; the same declaration again is the same version.

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
