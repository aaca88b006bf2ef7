"""Parts of a transaction that use cases of materials need."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.matter.materials.domain.material import Material, Ticket


class Materials(Protocol):
    def add(self, material: Material) -> None: ...

    def of_case(self, case_id: str) -> Sequence[Material]:
        """Files that are not removed, oldest first. The case was opened for the call before."""
        ...

    def find(self, material_id: str) -> Material | None:
        """The caller opens its case before anything of it is told."""
        ...

    def save(self, material: Material) -> None: ...

    def ended(self, before: datetime, limit: int) -> Sequence[Material]:
        """Removed files, and uploads begun before that never ended; over the transaction's tenants."""
        ...

    def forget(self, material: Material) -> bool:
        """Drop the row; tells whether the store's content is used by no other file."""
        ...


class Tickets(Protocol):
    def add(self, ticket: Ticket) -> None: ...

    def find(self, digest: str) -> Ticket | None: ...

    def use(self, digest: str) -> bool:
        """Take the ticket away; False: somebody else has used it."""
        ...


class HasMaterials(Protocol):
    @property
    def materials(self) -> Materials: ...


class HasTickets(Protocol):
    @property
    def material_tickets(self) -> Tickets: ...
