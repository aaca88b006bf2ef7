"""Fee items: put a new version, list those in force or planned."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.payment.fees.domain.fee_item import FeeItem, check_period
from services.payment.fees.domain.ports import FeeItemFilter, HasFeeItems
from services.payment.fees.domain.rules import check_limits
from services.payment.fees.usecases import views
from shared_components.kernel.errors import AppError
from shared_components.kernel.names import clean_name
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

RULES = ("late_fee_ppm", "min_quantity", "max_quantity", "min_amount_minor", "max_amount_minor")
FEE_ITEMS = PagedList[tuple[str, int]]("payment.list_fee_items", str, int)


@dataclass(frozen=True, slots=True)
class PutFeeItem:
    item_code: str
    name: str
    collecting_unit: str
    unit: str
    price_minor: int
    division: str
    currency: str = "CNY"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    late_fee_ppm: int = 0
    min_quantity: int = 1
    max_quantity: int | None = None
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ListFeeItems:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    item_code: str | None = None


class FeeItemTx(HasClock, HasFeeItems, Protocol):
    """Ports that `put_fee_item` uses."""


def put_fee_item(tx: FeeItemTx, command: PutFeeItem, context: CallContext) -> views.FeeItemView:
    """Add a version that replaces, from its valid_from on, whatever was in force or planned."""
    tenant, now = context.tenant, tx.clock.now()
    valid_from = command.valid_from or now
    check_period(valid_from, command.valid_until, now=now)
    item = FeeItem(
        tenant=tenant,
        item_code=command.item_code,
        version=tx.fee_items.newest_version(tenant, command.item_code) + 1,
        name=clean_name(command.name),
        collecting_unit=command.collecting_unit,
        unit=clean_name(command.unit, field="unit"),
        price_minor=command.price_minor,
        currency=command.currency,
        division=command.division,
        valid_from=valid_from,
        valid_until=command.valid_until,
        **{name: getattr(command, name) for name in RULES},
    )
    check_limits(item)
    tx.fee_items.add(item)
    return views.fee_item(item)


def list_fee_items(
    tx: FeeItemTx, calls: Sequence[Call[ListFeeItems]],
) -> list[PageView[views.FeeItemView] | AppError]:
    """Give each call its page, or PageCursorInvalid."""
    now = tx.clock.now()
    return read_pages(
        calls, FEE_ITEMS,
        lambda asked: tx.fee_items.pages([
            (call.context, FeeItemFilter(page.fetch, now, call.data.item_code, page.after)) for call, page in asked]),
        view=lambda item, _: views.fee_item(item), key=lambda item: (item.item_code, item.version))
