"""Ports of fee items."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from services.payment.fees.domain.fee_item import FeeItem


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

    def page(
        self, tenant: str, *, at: datetime, item_code: str | None, after: tuple[str, int] | None, limit: int
    ) -> list[FeeItem]:
        """Versions that are in force at a time or will be, by code and version."""
        ...


class HasFeeItems(Protocol):
    @property
    def fee_items(self) -> FeeItems: ...
