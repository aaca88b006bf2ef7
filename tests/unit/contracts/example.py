"""A small service's declarations, enough to export."""
from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from shared_components.contracts import EventContract, Message, MethodContract
from shared_components.contracts.registry import CONTRACT_ATTRIBUTE, SUBSCRIPTION_ATTRIBUTE
from shared_components.kernel.errors import Conflict


class TicketTaken(Conflict):
    code = "ticket.taken"
    texts: ClassVar = {"en": "The ticket is taken.", "zh": "号码已被领取。"}


class Line(Message):
    item_code = fields.String(required=True, validate=validate.Length(1, 20))


class Take(Message):
    name = fields.String(required=True, metadata={"data_class": "personal"})
    kind = fields.String(load_default="day", validate=validate.OneOf(["day", "week"]))
    count = fields.Integer(load_default=1, validate=validate.Range(min=0, max=9, min_inclusive=False))
    lines = fields.List(fields.Nested(Line), validate=validate.Length(max=3))
    internal = fields.String(dump_only=True)


class Ticket(Message):
    ticket_id = fields.String(required=True)
    valid_on = fields.Date(allow_none=True)
    secret = fields.String(load_only=True)
    owner = fields.Nested(Line)


class TicketTakenData(Message):
    """A ticket was taken."""

    ticket_id = fields.String(required=True)


def method(**changes: Any) -> Any:
    declared = {
        "name": "take", "request": Take, "reply": Ticket, "errors": (TicketTaken,), "callers": ("operator", "app"),
        "mutating": True, "public": True, "summary": "Take a ticket",
    }

    def take(self: Any, tx: Any, call: Any) -> None: ...

    setattr(take, CONTRACT_ATTRIBUTE, MethodContract(**{**declared, **changes}))
    return take


def on_paid(self: Any, tx: Any, event: Any) -> None: ...


setattr(on_paid, SUBSCRIPTION_ATTRIBUTE, ("payment", ("order-paid",), False))


class TicketService:
    """Gives tickets out.

    More about it.
    """

    name = "ticket"
    contract_version = "1.2"
    emits = (EventContract("ticket-taken", TicketTakenData),)
    take = method()
    on_order_paid = on_paid
