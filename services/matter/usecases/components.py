"""The other components, as the steps ask them. Replies are their contracts' JSON objects."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Reply = Mapping[str, Any]


class Identity(Protocol):
    def subject_for_case(self, subject_id: str, purpose: str) -> Reply:
        """name, id_number, id_type, email, mobile, level, locale, kind. Raises NotFound."""
        ...


class Licences(Protocol):
    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Reply]:
        """The holder's licences of a type, in every state."""
        ...

    def issue(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def cancel(self, op_id: str, licence_id: str, reason: str) -> Reply: ...

    def has_type(self, type_code: str) -> bool: ...


class Payments(Protocol):
    def create_order(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def start(self, op_id: str, order_id: str, channel: str, return_url: str | None = None) -> Reply: ...

    def get_order(self, order_id: str) -> Reply: ...

    def close_order(self, op_id: str, order_id: str) -> Reply: ...

    def refund(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def get_refund(self, refund_id: str) -> Reply: ...

    def has_fee_item(self, item_code: str) -> bool: ...

    def channels(self) -> Sequence[str]:
        """The channels that are configured."""
        ...


class Notifications(Protocol):
    def send(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Reply: ...

    def unfilled(self, template_code: str, channel: str, values: Mapping[str, str]) -> Sequence[str] | None:
        """The template's required placeholders that the values do not fill; None when there is no such template."""
        ...


class Violations(Protocol):
    """The traffic authority's record of offences (交通违法)."""

    def unpaid(self, id_number: str) -> int:
        """How many are not settled. Raises Unavailable."""
        ...


class Couriers(Protocol):
    def dispatch(self, op_id: str, *, recipient_name: str, address: str) -> Reply:
        """{waybill}; the same op_id gives the same waybill. Raises Conflict when it does not go there."""
        ...


@dataclass(frozen=True)
class Components:
    identity: Identity
    licences: Licences
    payments: Payments
    notifications: Notifications
    violations: Violations
    couriers: Couriers


class ComponentsFor(Protocol):
    def __call__(self, tenant: str, subject: str | None) -> Components:
        """The components, asked in the name of a tenant and, where there is one, of a person."""
        ...
