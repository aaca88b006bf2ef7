"""Issue receipts when money moves."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from services.payment.orders.domain.ports import HasOrders
from services.payment.orders.usecases.find_order import orders_of
from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.ports import HasReceiptKey, HasReceipts
from services.payment.receipts.domain.receipt import BillNumber, Receipt
from services.payment.receipts.usecases.events import emit_exhausted, emit_issued
from shared_components.kernel.transactions import HasClock, HasEvents


@dataclass(frozen=True, slots=True)
class PaidOrder:
    tenant: str
    order_id: str


@dataclass(frozen=True, slots=True)
class RefundedOrder(PaidOrder):
    """amount_minor: of this refund."""

    refund_id: str
    amount_minor: int


Paid = TypeVar("Paid", bound=PaidOrder)


class IssueReceiptsTx(HasClock, HasEvents, HasReceiptKey, HasReceipts, Protocol):
    """Ports that `_add` uses."""


class IssueForEventsTx(HasClock, HasEvents, HasOrders, HasReceiptKey, HasReceipts, Protocol):
    """Ports that `issue_for_orders` uses."""


def issue_for_orders(tx: IssueForEventsTx, orders: Sequence[PaidOrder]) -> None:
    """Once for an order, however often and in whatever order they are told."""
    _add(tx, _missing_originals(tx, orders))


def issue_for_refunds(tx: IssueForEventsTx, refunded: Sequence[RefundedOrder]) -> None:
    """The red-letter receipts of refunds; their originals are made first where events of payments are late."""
    originals = _missing_originals(tx, refunded)
    reds: list[Receipt] = []
    issued: set[str] = set()
    for tenant, told in _of_tenants(refunded).items():
        refunds = {each.refund_id: each for each in told}
        known = tx.receipts.by_source(tenant, {*refunds, *(each.order_id for each in told)})
        issued.update(each.receipt_id for each in known.values() if each.state == receipts.ISSUED)
        of_orders = {**known, **{each.order_id: each for each in originals if each.tenant == tenant}}
        reds += [
            receipts.of_refund(of_orders[each.order_id], refund_id, each.amount_minor, tx.clock.now())
            for refund_id, each in refunds.items() if refund_id not in known
        ]
    _add(tx, originals, reds, issued)


def _missing_originals(tx: IssueForEventsTx, orders: Sequence[PaidOrder]) -> list[Receipt]:
    missing: list[Receipt] = []
    for tenant, told in _of_tenants(orders).items():
        paid = {each.order_id for each in told}
        wanting = paid - tx.receipts.with_original(tenant, paid)
        missing += [receipts.of_order(order, tx.clock.now()) for order in orders_of(tx, tenant, wanting)]
    return missing


def _of_tenants(orders: Sequence[Paid]) -> dict[str, list[Paid]]:
    of_tenants: dict[str, list[Paid]] = {}
    for each in orders:
        of_tenants.setdefault(each.tenant, []).append(each)
    return of_tenants


def _add(
    tx: IssueReceiptsTx, originals: Sequence[Receipt], reds: Sequence[Receipt] = (), issued: Collection[str] = (),
) -> None:
    """New receipts, with numbers as far as there are any; a red-letter one has none before its original.

    issued: the ids of originals that were there before and have their number.
    """
    first, then = _by_collecting_unit(originals), _by_collecting_unit(reds)
    # In one order: two processes whose groups share collecting units would wait for each other's ranges.
    for owner in sorted(first.keys() | then.keys()):
        now_issued = {*issued, *_add_numbered(tx, owner, first.get(owner, []))}
        after = then.get(owner, [])
        _add_numbered(tx, owner, [red for red in after if red.original_id in now_issued])
        _add_waiting(tx, [red for red in after if red.original_id not in now_issued])


def _by_collecting_unit(new: Sequence[Receipt]) -> dict[tuple[str, str], list[Receipt]]:
    """(tenant, collecting unit) → its receipts"""
    of_units: dict[tuple[str, str], list[Receipt]] = {}
    for receipt in new:
        of_units.setdefault((receipt.tenant, receipt.collecting_unit), []).append(receipt)
    return of_units


def _add_numbered(tx: IssueReceiptsTx, owner: tuple[str, str], wanting: Sequence[Receipt]) -> list[str]:
    """Gives the ids of those that got a number; the others wait."""
    if not wanting:
        return []
    numbers = tx.receipts.take_numbers(*owner, len(wanting))
    issued = [numbered(tx, receipt, number) for receipt, number in zip(wanting, numbers, strict=False)]
    tx.receipts.add(issued)
    for receipt in issued:
        emit_issued(tx, receipt)
    _add_waiting(tx, wanting[len(issued):])
    return [receipt.receipt_id for receipt in issued]


def _add_waiting(tx: IssueReceiptsTx, waiting: Sequence[Receipt]) -> None:
    tx.receipts.add(waiting)
    emit_exhausted(tx, waiting)


def numbered(tx: IssueReceiptsTx, receipt: Receipt, number: BillNumber) -> Receipt:
    now = tx.clock.now()
    receipts.RECEIPT.move(receipt.state, receipts.ISSUED)
    return replace(
        receipt, state=receipts.ISSUED, bill_code=number.code, bill_number=number.number, issued_at=now,
        check_code=receipts.check_code(tx.receipt_key, number, receipt.signed_amount_minor, now),
    )
