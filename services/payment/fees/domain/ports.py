"""Ports of fee items."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.payment.fees.domain.fee_item import FeeItem

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class FeeItemFilter:
    """Versions that are in force at a time or will be. item_code: None is all. after: code and version."""

    limit: int
    at: datetime
    item_code: str | None = None
    after: tuple[str, int] | None = None


class FeeItems(Protocol):
    def in_force(self, wanted: Collection[tuple[str, str]], at: datetime) -> Mapping[tuple[str, str], FeeItem]:
        """wanted: (tenant, item code) pairs; those with no version in force are absent."""
        ...

    def newest_version(self, tenant: str, item_code: str) -> int:
        """Give 0 without a version. Until this transaction ends, nobody else reads it or adds a version."""
        ...

    def add(self, item: FeeItem) -> None:
        """Add a version; earlier ones end where it begins. Raises FeeItemChanged when the version exists."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, FeeItemFilter]]) -> list[list[FeeItem]]:
        """Give each call its versions, by code and version."""
        ...


class HasFeeItems(Protocol):
    @property
    def fee_items(self) -> FeeItems: ...
