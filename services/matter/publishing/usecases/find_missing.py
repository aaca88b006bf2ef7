"""Look up what a definition names, before it is published: a case would meet what is missing when it is too late."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.matter.cases.usecases.kind import Kinds
from services.matter.definitions.domain.problems import Problem
from services.matter.definitions.usecases.references import Lookup, Reference
from services.matter.kinds.notify.templates import PLACEHOLDERS, template_references
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import NotFound, OutcomeUnknown, Unavailable


def find_missing(
    data: Mapping[str, Any], kinds: Kinds[Any], components: Any, sources: Sequence[str], *, tolerant: bool
) -> list[Problem]:
    """Give a problem for each thing that is named and does not exist.

    data: has passed the schema and the checks. sources: who may answer callbacks of the tenant's cases.
    tolerant: a component that does not answer now is a problem, too; otherwise its error is raised.
    """
    placeholders = [*PLACEHOLDERS, *(fact.name for fact in kinds.rules.facts)]
    found, known = [], dict[tuple[str, str, str], Bilingual | None]()
    lookup = Lookup(components, sources, placeholders)
    for reference in _references(data, kinds):
        key = (reference.kind.name, reference.name, reference.channel)
        if key not in known:
            known[key] = _ask(lookup, reference, tolerant)
        message = known[key]
        if message is not None:
            allowed = reference.kind.allowed.format(placeholders=", ".join(placeholders))
            found.append(Problem(reference.path, message, allowed))
    return found


def _references(data: Mapping[str, Any], kinds: Kinds[Any]) -> Iterator[Reference]:
    for index, step in enumerate(data["steps"]):
        yield from kinds.references(step["kind"], step.get("with", {}), ("steps", index, "with"))
    for index, notice in enumerate(data.get("notifications", ())):
        yield from template_references(notice, ("notifications", index))


def _ask(lookup: Lookup, reference: Reference, tolerant: bool) -> Bilingual | None:
    try:
        return reference.kind.find(lookup, reference)
    except (Unavailable, OutcomeUnknown, NotFound) as error:
        # NotFound is the bus's own here: no process serves that component.
        if not tolerant:
            raise
        kind = reference.kind.name
        return Bilingual(
            f"{kind} {reference.name!r} could not be looked up [{error.code}]",
            f"{kind.zh}“{reference.name}”暂时无法核对 [{error.code}]")
