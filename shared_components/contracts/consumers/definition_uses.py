"""A published definition of a matter is a consumer too: its steps call methods of other components."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared_components.contracts.consumers.uses import Use, paths_of

FORMAT = "zhongtai/matter/1"
# Kind of step → what it calls (services/matter/steps/adapters/components.py).
CALLED_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "check": ("elicence.list_by_holder", "identity.get_subject_for_case"),
    "pay": ("payment.create_order", "payment.start_payment", "payment.get_order", "payment.close_order",
            "payment.refund_order", "payment.get_refund", "payment.list_fee_items", "payment.list_channels"),
    "issue_licence": ("elicence.issue", "elicence.cancel", "elicence.list_types"),
    "notify": ("notification.send", "notification.preview", "notification.put_template"),
}
# Method → setting of the step whose fields the request has.
FROM_SETTINGS: Mapping[str, str] = {"payment.create_order": "lines"}


def definition_uses(definition: Mapping[str, Any], told_by: str) -> Iterator[Use]:
    """The methods that the steps of a definition need; which fields only where settings name them."""
    consumer = f"matter {definition.get('matter_code', 'without a code')}"
    if definition.get("notifications"):
        yield from _whole(consumer, "notify", told_by)
    for step in definition.get("steps", ()):
        settings = step.get("with") or {}
        yield from _whole(consumer, str(step.get("kind")), told_by)
        for target in CALLED_BY_KIND.get(str(step.get("kind")), ()):
            service, _, method = target.partition(".")
            setting = FROM_SETTINGS.get(target)
            if setting in settings:
                yield Use(consumer, service, method, told_by=told_by, reads=frozenset(),
                          sends=frozenset(paths_of({setting: settings[setting]})))


def _whole(consumer: str, kind: str, told_by: str) -> Iterator[Use]:
    """All methods that a kind of step calls, without their fields."""
    for target in CALLED_BY_KIND.get(kind, ()):
        service, _, method = target.partition(".")
        yield Use(consumer, service, method, told_by=told_by)
