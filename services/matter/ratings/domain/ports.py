"""Parts of a transaction that use cases of ratings need."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.matter.ratings.domain.rating import Rating


class Ratings(Protocol):
    def add(self, rating: Rating) -> bool:
        """False: the case has one."""
        ...

    def lock(self, tenant: str, rating_id: str) -> Rating | None:
        """Give a rating of the department, which nobody else may change until the transaction ends."""
        ...

    def save(self, rating: Rating) -> None: ...

    def page(self, tenant: str, *, state: str | None, after: str | None, limit: int) -> Sequence[Rating]:
        """Give ratings of the department, oldest first."""
        ...


class HasRatings(Protocol):
    @property
    def ratings(self) -> Ratings: ...
