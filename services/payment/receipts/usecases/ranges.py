"""Put ranges of receipt numbers, and list them."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.errors import ReceiptRangeOverlaps
from services.payment.receipts.domain.ports import HasReceipts
from services.payment.receipts.domain.receipt import NumberRange
from services.payment.receipts.usecases.issue_receipts import IssueReceiptsTx
from services.payment.receipts.usecases.issue_waiting import issue_for_unit
from services.payment.receipts.usecases.views import RangeView, number_range
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

RANGES = PagedList[str]("payment.list_receipt_ranges", str)


class PutRangeView(RangeView):
    """issued: how many receipts that waited got a number at once."""

    issued: int


@dataclass(frozen=True, slots=True)
class PutReceiptRange:
    collecting_unit: str
    bill_code: str
    first_number: int
    last_number: int


@dataclass(frozen=True, slots=True)
class ListReceiptRanges:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    collecting_unit: str | None = None


def put_receipt_range(tx: IssueReceiptsTx, command: PutReceiptRange, context: CallContext) -> PutRangeView:
    """Receipts that wait for numbers get theirs with it: the first ones at once, the rest by the scheduled run."""
    tenant = context.tenant
    first, last = command.first_number, command.last_number
    receipts.check_range(command.bill_code, first, last)
    if not tx.receipts.reserve_block(command.bill_code, first, last):
        raise ReceiptRangeOverlaps(
            Bilingual(
                f"range {first} to {last} of {command.bill_code} overlaps one that was put before; "
                "only new numbers are "
                "allowed",
                f"票据代码 {command.bill_code} 的号段 {first} 至 {last} 与已有号段重叠；只允许新的号码")
        )
    numbers = NumberRange(
        range_id=new_id("rng"), tenant=tenant, collecting_unit=command.collecting_unit, bill_code=command.bill_code,
        first_number=first, last_number=last, next_number=first, created_at=tx.clock.now(),
    )
    tx.receipts.add_range(numbers)
    issued = issue_for_unit(tx, tenant, numbers.collecting_unit)
    return {**number_range(replace(numbers, next_number=first + issued)), "issued": issued}


def list_receipt_ranges(tx: HasReceipts, command: ListReceiptRanges, context: CallContext) -> PageView[RangeView]:
    page = RANGES.asked(command, context.tenant)
    found = tx.receipts.ranges(
        context.tenant, collecting_unit=command.collecting_unit, after=page.after,
        limit=page.fetch,
    )
    return page.view(found, view=number_range, key=lambda numbers: numbers.range_id)
