"""Components that a payment asks."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class Payments(Protocol):
    def create_order(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def start(self, op_id: str, order_id: str, channel: str, return_url: str | None = None) -> Reply: ...

    def get_order(self, order_id: str) -> Reply: ...

    def close_order(self, op_id: str, order_id: str) -> Reply: ...

    def refund(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def get_refund(self, refund_id: str) -> Reply: ...


class PaymentCatalogue(Protocol):
    def has_fee_item(self, item_code: str) -> bool: ...

    def channels(self) -> Sequence[str]:
        """The channels that are configured."""
        ...


class PayComponents(HasIdentity, Protocol):
    @property
    def payments(self) -> Payments: ...
