"""Components that a delivery asks."""
from __future__ import annotations

from typing import Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class Couriers(Protocol):
    def dispatch(self, op_id: str, *, recipient_name: str, address: str) -> Reply:
        """{waybill}; the same op_id gives the same waybill. Raises Conflict when it does not go there."""
        ...


class DeliverComponents(HasIdentity, Protocol):
    @property
    def couriers(self) -> Couriers: ...
