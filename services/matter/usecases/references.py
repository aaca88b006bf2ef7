"""Look up what a definition names, before it is published: a case would meet what is missing when it is too late."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.matter.domain.definition.references import (
    FEE_ITEM,
    LICENCE_TYPE,
    PAY_CHANNEL,
    SOURCE,
    TEMPLATE,
    Reference,
    references,
)
from services.matter.domain.problems import Problem
from services.matter.usecases.components import Components
from services.matter.usecases.kinds.notify import NAMES
from shared_components.kernel.errors import NotFound, OutcomeUnknown, Unavailable

Lookup = Callable[[Reference], str | None]


def find_missing(
    data: Mapping[str, Any], components: Components, sources: Sequence[str], *, tolerant: bool
) -> list[Problem]:
    """A problem for each thing that is named and does not exist.

    sources: who may answer callbacks of the tenant's cases.
    tolerant: a component that does not answer now is a problem, too; otherwise its error is raised.
    """
    found, known = [], dict[tuple[str, str, str], str | None]()
    lookups = _lookups(components, sources)
    for reference in references(data):
        key = (reference.kind, reference.name, reference.channel)
        if key not in known:
            known[key] = _ask(lookups[reference.kind], reference, tolerant)
        message = known[key]
        if message is not None:
            found.append(Problem(reference.path, message, ALLOWED[reference.kind]))
    return found


def _ask(look: Lookup, reference: Reference, tolerant: bool) -> str | None:
    try:
        return look(reference)
    except (Unavailable, OutcomeUnknown, NotFound) as error:
        # NotFound is the bus's own here: no process serves that component.
        if not tolerant:
            raise
        return f"{reference.kind} {reference.name!r} could not be looked up [{error.code}]"


def _lookups(components: Components, sources: Sequence[str]) -> Mapping[str, Lookup]:
    channels: list[str] = []

    def unless(exists: Callable[[str], bool]) -> Lookup:
        return lambda reference: None if exists(reference.name) else f"{reference.kind} {reference.name!r} is unknown"

    def is_channel(name: str) -> bool:
        if not channels:
            channels.extend(components.payments.channels())
        return name in channels

    def template(reference: Reference) -> str | None:
        unfilled = components.notifications.unfilled(reference.name, reference.channel, dict.fromkeys(NAMES, "x"))
        name = f"template {reference.name!r} for channel {reference.channel!r}"
        if unfilled is None:
            return f"{name} is unknown"
        return f"{name} needs {', '.join(unfilled)}, which no notice fills" if unfilled else None

    return {
        TEMPLATE: template,
        FEE_ITEM: unless(components.payments.has_fee_item),
        PAY_CHANNEL: unless(is_channel),
        LICENCE_TYPE: unless(components.licences.has_type),
        SOURCE: unless(lambda name: name in sources),
    }


ALLOWED: Mapping[str, str] = {
    TEMPLATE: f"one of notification.list_templates, for this channel, with placeholders of {', '.join(NAMES)}",
    FEE_ITEM: "one of payment.list_fee_items",
    PAY_CHANNEL: "one of payment.list_channels: a channel that services.payment configures",
    LICENCE_TYPE: "one of elicence.list_types",
    SOURCE: "the source of a key in services.matter.callback_keys for this tenant",
}
