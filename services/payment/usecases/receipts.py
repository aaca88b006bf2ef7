"""Issue receipts when money moves, put ranges of numbers, show and verify."""
from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.common.usecases.failures import log_failure
from services.payment.domain import receipt as receipts
from services.payment.domain.ports import HasReceiptKey, HasReceipts
from services.payment.domain.receipt import GUESS_WINDOW, BillNumber, Guesser, NumberRange, Receipt
from services.payment.domain.receipt_errors import (
    ReceiptNumbersExhausted,
    ReceiptRangeOverlaps,
    ReceiptTooLarge,
    ReceiptUnknown,
)
from services.payment.domain.receipt_ports import Printer
from services.payment.orders.domain.ports import HasOrders
from services.payment.orders.usecases.find_order import order_of, orders_of
from shared_components.kernel.ids import new_id
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList
from shared_components.kernel.transactions import HasClock, HasEvents, Transactions

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext, Event

RANGES = PagedList[str]("payment.list_receipt_ranges", str)
RECEIPTS = PagedList[str]("payment.list_receipts", str)

log = logging.getLogger(__name__)

BATCH = 200
LARGEST_PDF = 150_000
"""Bytes; as base64 it stays well within a message of 256 KiB."""


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


@dataclass(frozen=True, slots=True)
class GetReceipt:
    receipt_id: str | None = None
    order_id: str | None = None
    with_pdf: bool = False


@dataclass(frozen=True, slots=True)
class ListReceipts:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    order_id: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReceipt:
    bill_code: str
    bill_number: str
    check_code: str


class IssueReceiptsTx(HasClock, HasEvents, HasReceiptKey, HasReceipts, Protocol):
    """Ports that `_add` uses."""


class IssueForEventsTx(HasClock, HasEvents, HasOrders, HasReceiptKey, HasReceipts, Protocol):
    """Ports that `issue_for_orders` uses."""


class GetReceiptTx(HasOrders, HasReceipts, Protocol):
    """Ports that `get_receipt` uses."""


def issue_for_orders(tx: IssueForEventsTx, events: Sequence[Event]) -> None:
    """Once for an order, however often and in whatever order events come."""
    _add(tx, _missing_originals(tx, events))


def issue_for_refunds(tx: IssueForEventsTx, events: Sequence[Event]) -> None:
    """The red-letter receipts of refunds; their originals are made first where events of payments are late."""
    originals = _missing_originals(tx, events)
    reds: list[Receipt] = []
    issued: set[str] = set()
    for tenant, told in _of_tenants(events).items():
        refunds = {event.data["refund_id"]: event.data for event in told}
        known = tx.receipts.by_source(tenant, {*refunds, *(data["order_id"] for data in refunds.values())})
        issued.update(each.receipt_id for each in known.values() if each.state == receipts.ISSUED)
        of_orders = {**known, **{each.order_id: each for each in originals if each.tenant == tenant}}
        reds += [
            receipts.of_refund(
                of_orders[data["order_id"]], refund_id, data["refund_amount_minor"], tx.clock.now())
            for refund_id, data in refunds.items() if refund_id not in known
        ]
    _add(tx, originals, reds, issued)


def _missing_originals(tx: IssueForEventsTx, events: Sequence[Event]) -> list[Receipt]:
    missing: list[Receipt] = []
    for tenant, told in _of_tenants(events).items():
        paid = {event.data["order_id"] for event in told}
        wanting = paid - tx.receipts.with_original(tenant, paid)
        missing += [receipts.of_order(order, tx.clock.now()) for order in orders_of(tx, tenant, wanting)]
    return missing


def _of_tenants(events: Sequence[Event]) -> dict[str, list[Event]]:
    of_tenants: dict[str, list[Event]] = {}
    for event in events:
        of_tenants.setdefault(event.tenant, []).append(event)
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
    issued = [_numbered(tx, receipt, number) for receipt, number in zip(wanting, numbers, strict=False)]
    tx.receipts.add(issued)
    for receipt in issued:
        _tell_issued(tx, receipt)
    _add_waiting(tx, wanting[len(issued):])
    return [receipt.receipt_id for receipt in issued]


def _add_waiting(tx: IssueReceiptsTx, waiting: Sequence[Receipt]) -> None:
    tx.receipts.add(waiting)
    _tell_exhausted(tx, waiting)


def _numbered(tx: IssueReceiptsTx, receipt: Receipt, number: BillNumber) -> Receipt:
    now = tx.clock.now()
    receipts.RECEIPT.move(receipt.state, receipts.ISSUED)
    return replace(
        receipt, state=receipts.ISSUED, bill_code=number.code, bill_number=number.number, issued_at=now,
        check_code=receipts.check_code(tx.receipt_key, number, receipt.signed_amount_minor, now),
    )


def put_receipt_range(tx: IssueReceiptsTx, command: PutReceiptRange, context: CallContext) -> Mapping[str, Any]:
    """Receipts that wait for numbers get theirs with it: the first ones at once, the rest by the scheduled run."""
    tenant = context.tenant
    first, last = command.first_number, command.last_number
    receipts.check_range(command.bill_code, first, last)
    if not tx.receipts.reserve_block(command.bill_code, first, last):
        raise ReceiptRangeOverlaps(
            f"range {first} to {last} of {command.bill_code} overlaps one that was put before; only new numbers are "
            "allowed"
        )
    numbers = NumberRange(
        range_id=new_id("rng"), tenant=tenant, collecting_unit=command.collecting_unit, bill_code=command.bill_code,
        first_number=first, last_number=last, next_number=first, created_at=tx.clock.now(),
    )
    tx.receipts.add_range(numbers)
    issued = _issue_waiting(tx, tenant, numbers.collecting_unit)
    return {**_range(replace(numbers, next_number=first + issued)), "issued": issued}


def _issue_waiting(tx: IssueReceiptsTx, tenant: str, collecting_unit: str) -> int:
    waiting = tx.receipts.lock_waiting(tenant, collecting_unit, BATCH)
    numbers = tx.receipts.take_numbers(tenant, collecting_unit, len(waiting))
    for receipt, number in zip(waiting, numbers, strict=False):
        done = _numbered(tx, receipt, number)
        tx.receipts.issue(done)
        _tell_issued(tx, done)
    return len(numbers)


def issue_waiting(transactions: Transactions[IssueReceiptsTx]) -> None:
    """Issue what a new range could not serve within its own call."""
    with transactions.begin() as tx:
        waiting = tx.receipts.waiting_units()
    for tenant, collecting_unit in waiting:
        try:
            with transactions.begin(tenant) as tx:
                _issue_waiting(tx, tenant, collecting_unit)
        except Exception as error:  # of this collecting unit alone: its receipts wait for the next run
            log_failure(log, "payment.receipt.put_off", error, tenant=tenant, collecting_unit=collecting_unit)


def list_receipt_ranges(tx: HasReceipts, command: ListReceiptRanges, context: CallContext) -> Mapping[str, Any]:
    page = RANGES.asked(command, context.tenant)
    found = tx.receipts.ranges(
        context.tenant, collecting_unit=command.collecting_unit, after=page.after,
        limit=page.fetch,
    )
    return page.reply(found, view=_range, key=lambda numbers: numbers.range_id)


def get_receipt(
    tx: GetReceiptTx, command: GetReceipt, context: CallContext, print_receipt: Printer, pdf_path: str
) -> Mapping[str, Any]:
    """By its own id, or an order's original by the order's. With its PDF only once it has a number.

    pdf_path: where the gateway gives that as a file, a template of the receipt's id.
    """
    tenant = context.tenant
    receipt = _wanted(tx, context, command.receipt_id, command.order_id)
    original = tx.receipts.get(tenant, receipt.original_id) if receipt.original_id is not None else None
    pdf = _pdf(receipt, original, print_receipt) if command.with_pdf else None
    issued = receipt.state == receipts.ISSUED
    return {
        **_view(receipt), "original_bill": _bill(original), "payer_name": receipt.payer_name, "pdf_base64": pdf,
        "pdf_path": pdf_path.format(receipt_id=receipt.receipt_id) if issued else None,
    }


def _wanted(tx: GetReceiptTx, context: CallContext, receipt_id: str | None, order_id: str | None) -> Receipt:
    """A receipt is its order's app's. Raises ReceiptUnknown."""
    tenant = context.tenant
    found = (
        tx.receipts.get(tenant, receipt_id) if receipt_id is not None
        else tx.receipts.by_source(tenant, [str(order_id)]).get(str(order_id))
    )
    if found is None or not context.reaches(order_of(tx, tenant, found.order_id).app):
        raise ReceiptUnknown(
            f"there is no receipt {receipt_id or 'of order ' + repr(order_id)}; list_receipts gives those that are"
        )
    return found


def _pdf(receipt: Receipt, original: Receipt | None, print_receipt: Printer) -> str:
    if receipt.state != receipts.ISSUED:
        raise ReceiptNumbersExhausted(
            f"receipt {receipt.receipt_id} waits for a number of collecting unit {receipt.collecting_unit}; "
            "it is printed once put_receipt_range has given some",
            details={"collecting_unit": receipt.collecting_unit},
        )
    content = print_receipt(receipt, original)
    if len(content) > LARGEST_PDF:
        raise ReceiptTooLarge(
            f"document of receipt {receipt.receipt_id} has {len(content)} bytes; at most {LARGEST_PDF} are sent",
            details={"bytes": len(content), "limit": LARGEST_PDF},
        )
    return base64.b64encode(content).decode()


def list_receipts(tx: HasReceipts, command: ListReceipts, context: CallContext) -> Mapping[str, Any]:
    page = RECEIPTS.asked(command, context.tenant, *(context.makers or ()))
    found = tx.receipts.page(
        context.tenant, apps=context.makers, order_id=command.order_id, state=command.state,
        before=page.after, limit=page.fetch,
    )
    return page.reply(found, view=_view, key=lambda receipt: receipt.receipt_id)


def verify_receipt(
    transactions: Transactions[HasReceipts], command: VerifyReceipt, context: CallContext
) -> Mapping[str, Any]:
    """A wrong check code and a number that was never given look the same, also after too many guesses.

    Only a wrong code writes anything; a right one costs one more look-up by key. Raises TooManyGuesses.
    """
    tenant, now = context.tenant, transactions.clock.now()
    guesser = Guesser(tenant, context.caller, BillNumber(command.bill_code, int(command.bill_number)))
    with transactions.begin(tenant) as tx:
        earlier = tx.receipts.guesses(guesser)
        if earlier is not None:
            earlier.check(now)
        receipt = tx.receipts.numbered(tenant, guesser.number)
        same = _is_code_of(receipt, command.check_code.lower())
        if receipt is None or not same:
            tx.receipts.count_guess(guesser, now)
            return {"genuine": False, "kind": None, "amount_minor": None, "red_minor": None, "issued_at": None}
        return {
            "genuine": True, "kind": receipt.kind, "amount_minor": receipt.signed_amount_minor,
            "red_minor": tx.receipts.red_minor(receipt.receipt_id), "issued_at": receipt.issued_at,
        }


def _is_code_of(receipt: Receipt | None, given: str) -> bool:
    """In the same time for every code and every number, there or not."""
    known = receipt.check_code if receipt is not None and receipt.check_code is not None else ""
    return hmac.compare_digest(hashlib.sha256(known.encode()).digest(), hashlib.sha256(given.encode()).digest())


def forget_guesses(transactions: Transactions[HasReceipts]) -> None:
    with transactions.begin() as tx:
        tx.receipts.forget_guesses(transactions.clock.now() - GUESS_WINDOW)


def _tell_issued(tx: HasEvents, receipt: Receipt) -> None:
    tx.events.record(
        "receipt-issued", aggregate=receipt.receipt_id, tenant=receipt.tenant, sequence=1,
        data={**_view(receipt), "refund_id": receipt.refund_id},
    )


def _tell_exhausted(tx: HasEvents, waiting: Sequence[Receipt]) -> None:
    """A work item for whoever puts ranges: the event, the log, and the receipt in list_receipts(state=waiting).

    waiting: of one collecting unit.
    """
    for receipt in waiting:
        tx.events.record(
            "receipt-numbers-exhausted", aggregate=receipt.receipt_id, tenant=receipt.tenant,
            data={"receipt_id": receipt.receipt_id, "collecting_unit": receipt.collecting_unit},
        )
    if waiting:
        log.warning("payment.receipt.waiting", extra={
            "collecting_unit": waiting[0].collecting_unit, "receipts": len(waiting)})


def _range(numbers: NumberRange) -> Mapping[str, Any]:
    return {
        "range_id": numbers.range_id,
        "collecting_unit": numbers.collecting_unit,
        "bill_code": numbers.bill_code,
        "first_number": numbers.first_number,
        "last_number": numbers.last_number,
        "left": numbers.last_number - numbers.next_number + 1,
        "created_at": numbers.created_at,
    }


def _bill(receipt: Receipt | None) -> Mapping[str, Any] | None:
    if receipt is None or receipt.bill_number is None:
        return None
    return {"bill_code": receipt.bill_code, "bill_number": f"{receipt.bill_number:010d}"}


def _view(receipt: Receipt) -> Mapping[str, Any]:
    return {
        "receipt_id": receipt.receipt_id,
        "order_id": receipt.order_id,
        "refund_id": receipt.refund_id,
        "kind": receipt.kind,
        "original_id": receipt.original_id,
        "state": receipt.state,
        "bill_code": receipt.bill_code,
        "bill_number": None if receipt.bill_number is None else f"{receipt.bill_number:010d}",
        "check_code": receipt.check_code,
        "amount_minor": receipt.signed_amount_minor,
        "currency": receipt.currency,
        "collecting_unit": receipt.collecting_unit,
        "pay_code": receipt.pay_code,
        "created_at": receipt.created_at,
        "issued_at": receipt.issued_at,
    }
