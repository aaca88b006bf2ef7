"""Receipts and ranges of numbers in the database. The payer's name is encrypted, bound to its receipt."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.common.adapters.owned import facts_by, kept_by, made_by, searched
from services.payment.common.adapters.sql import among, changed_rows, upsert_into
from services.payment.common.models import SerialCounterRow
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.errors import ReceiptUnknown
from services.payment.receipts.domain.ports import ReceiptFilter
from services.payment.receipts.domain.receipt import BillNumber, Guesser, Guesses, NumberRange, Receipt
from services.payment.receipts.models import ReceiptBlockRow, ReceiptGuessRow, ReceiptRangeRow, ReceiptRow
from shared_components.db import insert_later, table_of
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security.authority.search import searched_tenant

T = table_of(ReceiptRow)
R = table_of(ReceiptRangeRow)
B = table_of(ReceiptBlockRow)
G = table_of(ReceiptGuessRow)
COUNTERS = table_of(SerialCounterRow)
BLOCKS_GUARD = "receipt-blocks"
PLAIN = tuple(column.name for column in T.columns if column.name not in ("tenant_id", "payer_name", "source"))
RANGE = tuple(column.name for column in R.columns if column.name != "tenant_id")
# A receipt is its order's: of the order's app, and about its payer.
OF_ORDERS = select(T, ORDERS.c.app, ORDERS.c.payer_subject).join_from(T, ORDERS, T.c.order_id == ORDERS.c.order_id)
BY_ID = ByKey(T, "receipt_id", query=OF_ORDERS, anywhere=True)
ORIGINAL_OF = ByKey(T, "order_id", query=OF_ORDERS.where(T.c.original_id.is_(None)), anywhere=True)


def _newest_first(asked: Columns) -> Select[Any]:
    query = OF_ORDERS.where(*kept_by(T.c.tenant_id, asked), *made_by(ORDERS.c.app, asked))
    for name in ("order_id", "state"):
        if name in asked:
            query = query.where(T.c[name] == asked[name])
    if "holder" in asked:
        query = query.where(ORDERS.c.payer_subject == asked["holder"])
    if "before" in asked:
        query = query.where(T.c.receipt_id < asked["before"])
    return query.order_by(T.c.receipt_id.desc())


NEWEST_FIRST = Lists(_newest_first, holders=True)
FACTS = facts_by("receipt_id")


class SqlReceipts:
    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        self._session = session
        self._cipher = cipher
        self._reading = Reading(FACTS, self._whole)

    def reserve_block(self, bill_code: str, first: int, last: int) -> bool:
        # One at a time, by the lock of the counter's row: two overlapping blocks cannot both look and find nothing.
        guard = update(COUNTERS).where(COUNTERS.c.name == BLOCKS_GUARD)
        self._session.execute(guard.values(next_serial=COUNTERS.c.next_serial + 1))
        overlapping = select(B.c.bill_code).where(
            B.c.bill_code == bill_code, B.c.first_number <= last, B.c.last_number >= first
        )
        if self._session.execute(overlapping.limit(1)).first() is not None:
            return False
        self._session.execute(insert(B).values(bill_code=bill_code, first_number=first, last_number=last))
        return True

    def add_range(self, numbers: NumberRange) -> None:
        values = {name: getattr(numbers, name) for name in RANGE}
        self._session.execute(insert(R).values(tenant_id=numbers.tenant, **values))

    def ranges(self, tenant: str, *, collecting_unit: str | None, after: str | None, limit: int) -> list[NumberRange]:
        query = select(R).where(R.c.tenant_id == tenant)
        if collecting_unit is not None:
            query = query.where(R.c.collecting_unit == collecting_unit)
        if after is not None:
            query = query.where(R.c.range_id > after)
        return [
            NumberRange(tenant=row.tenant_id, **{name: getattr(row, name) for name in RANGE})
            for row in self._session.execute(query.order_by(R.c.range_id).limit(limit))
        ]

    def take_numbers(self, tenant: str, collecting_unit: str, count: int) -> list[BillNumber]:
        with_numbers = select(R.c.range_id, R.c.next_number, R.c.last_number).where(
            R.c.tenant_id == tenant, R.c.collecting_unit == collecting_unit, R.c.next_number <= R.c.last_number
        )
        oldest = with_numbers.order_by(R.c.range_id).limit(1).with_for_update()
        taken: list[BillNumber] = []
        while len(taken) < count:
            numbers = self._session.execute(oldest).first()
            if numbers is not None:
                taken += self._take(numbers, count - len(taken))
            # Who waited for a range that is exhausted by now gets no row, though the next range may have numbers.
            elif self._session.scalar(select(exists(with_numbers))) is not True:
                break
        return taken

    def _take(self, numbers: Any, most: int) -> list[BillNumber]:
        """numbers: a range that is locked and has some."""
        count = min(most, numbers.last_number - numbers.next_number + 1)
        row = self._session.execute(
            update(R).where(R.c.range_id == numbers.range_id).values(next_number=R.c.next_number + count)
            .returning(R.c.bill_code, R.c.next_number)
        ).one()
        return [BillNumber(row.bill_code, number) for number in range(row.next_number - count, row.next_number)]

    def with_original(self, tenant: str, order_ids: Collection[str]) -> set[str]:
        # An original's source is its order.
        found = select(T.c.source).where(T.c.tenant_id == tenant, among(self._session, T.c.source, order_ids))
        return set(self._session.scalars(found)) if order_ids else set()

    def add(self, receipts: Sequence[Receipt]) -> None:
        insert_later(self._session, T, [
            {
                "tenant_id": receipt.tenant, "source": receipt.refund_id or receipt.order_id,
                "payer_name": self._cipher.encrypt(receipt.payer_name, aad=_payer_name_of(receipt.receipt_id)),
                **{name: getattr(receipt, name) for name in PLAIN},
            }
            for receipt in receipts
        ])

    def issue(self, receipt: Receipt) -> None:
        waiting = update(T).where(T.c.receipt_id == receipt.receipt_id, T.c.state == receipts.WAITING)
        names = ("state", "bill_code", "bill_number", "check_code", "issued_at")
        if changed_rows(self._session, waiting.values({name: getattr(receipt, name) for name in names})) != 1:
            raise RuntimeError(f"receipt {receipt.receipt_id} does not wait; locked ones do")

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        return load_many(self._session, BY_ID, asked, self._reading, ReceiptUnknown)

    def read_original_of(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        return load_many(self._session, ORIGINAL_OF, asked, self._reading, ReceiptUnknown)

    def originals(self, receipts: Sequence[Receipt]) -> Mapping[str, Receipt]:
        wanted = [(None, one.original_id) for one in receipts if one.original_id is not None]
        return {row.receipt_id: self._whole(row) for row in BY_ID.find(self._session, wanted).values()}

    def by_source(self, tenant: str, sources: Collection[str]) -> Mapping[str, Receipt]:
        if not sources:
            return {}
        query = select(T).where(T.c.tenant_id == tenant, among(self._session, T.c.source, sources))
        return {row.source: self._whole(row) for row in self._session.execute(query)}

    def numbered(self, context: CallContext, number: BillNumber) -> Receipt | None:
        row = self._session.execute(OF_ORDERS.where(
            T.c.tenant_id == searched_tenant(context), T.c.bill_code == number.code, T.c.bill_number == number.number,
        )).first()
        return None if row is None else open_row(context, NAMELESS.seal(row))

    def pages(self, asked: Sequence[tuple[CallContext, ReceiptFilter]]) -> list[list[Receipt]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {
                **searched(context), "order_id": wanted.order_id, "state": wanted.state, "before": wanted.before,
            }, wanted.limit)
            for context, wanted in asked], NAMELESS)

    def lock_waiting(self, tenant: str, collecting_unit: str, limit: int) -> list[Receipt]:
        query = select(T).where(
            T.c.tenant_id == tenant, T.c.collecting_unit == collecting_unit, T.c.state == receipts.WAITING
        )
        rows = self._session.execute(query.order_by(T.c.receipt_id).limit(limit).with_for_update())
        return [_receipt(row, "") for row in rows]

    def waiting_units(self) -> list[tuple[str, str]]:
        same = (R.c.tenant_id == T.c.tenant_id, R.c.collecting_unit == T.c.collecting_unit)
        query = select(T.c.tenant_id, T.c.collecting_unit).distinct().where(
            T.c.state == receipts.WAITING, exists().where(*same, R.c.next_number <= R.c.last_number)
        )
        return [(row.tenant_id, row.collecting_unit) for row in self._session.execute(query)]

    def guesses(self, guesser: Guesser) -> Guesses | None:
        mine = (G.c[name] == value for name, value in _guesser(guesser).items())
        row = self._session.execute(select(G.c.failures, G.c.since).where(*mine).with_for_update()).first()
        return None if row is None else Guesses(row.failures, row.since)

    def count_guess(self, guesser: Guesser, now: datetime) -> None:
        first = upsert_into(self._session, G).values(**_guesser(guesser), failures=1, since=now)
        is_over = G.c.since <= now - receipts.GUESS_WINDOW
        self._session.execute(first.on_conflict_do_update(
            index_elements=[G.c.tenant_id, G.c.caller, G.c.bill_code, G.c.bill_number],
            set_={
                "failures": case((is_over, 1), else_=G.c.failures + 1), "since": case((is_over, now), else_=G.c.since),
            },
        ))

    def forget_guesses(self, before: datetime) -> int:
        return changed_rows(self._session, delete(G).where(G.c.since <= before))

    def red_minor(self, receipt_id: str) -> int:
        return int(self._session.scalar(
            select(func.coalesce(func.sum(T.c.amount_minor), 0)).where(T.c.original_id == receipt_id)
        ) or 0)

    def _whole(self, row: Any) -> Receipt:
        return _receipt(row, self._cipher.decrypt(row.payer_name, aad=_payer_name_of(row.receipt_id)))


def _payer_name_of(receipt_id: str) -> str:
    return f"{receipt_id}/payer_name"


def _receipt(row: Any, payer_name: str) -> Receipt:
    return Receipt(tenant=row.tenant_id, payer_name=payer_name, **{name: getattr(row, name) for name in PLAIN})


def _guesser(guesser: Guesser) -> dict[str, Any]:
    return {
        "tenant_id": guesser.tenant, "caller": guesser.caller, "bill_code": guesser.number.code,
        "bill_number": guesser.number.number,
    }


NAMELESS = Reading(FACTS, lambda row: _receipt(row, ""))
