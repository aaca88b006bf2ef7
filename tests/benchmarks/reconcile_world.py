"""A day of trades, on record here and on the channel's statement, made by rule: line n is what n says."""
from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payment.reconciliation.domain.statement import day_begins
from shared_components.db import Database
from tests.unit.payment.reconciliation.statements import WECHAT_HEAD, WECHAT_SUMS_HEAD

TENANT = "bench"
DAY: date = (datetime.now(UTC) - timedelta(days=2)).date()
AMOUNT_MINOR = 1000
FEE_MINOR = 6
REFUND_EVERY = 50
UNKNOWN_HERE, OTHER_AMOUNT = 1000, 500
"""One line in so many is of an order that nobody knows here, or of another amount."""
SEEDED_AT_ONCE = 50_000


def is_refund(n: int) -> bool:
    return n % REFUND_EVERY == REFUND_EVERY - 1


def class_of(n: int) -> str:
    if n % UNKNOWN_HERE == 7:
        return "missing_here"
    return "amount_differs" if n % OTHER_AMOUNT == 11 else "matched"


def expected_classes(lines: int) -> dict[tuple[str, str], int]:
    """One in 1,000 of our own records is not on the statement: those with a number beyond its last line."""
    found = Counter(("refund" if is_refund(n) else "payment", class_of(n)) for n in range(lines))
    found["payment", "missing_there"] = _missing_there(lines)
    return {key: count for key, count in found.items() if count}


def _missing_there(lines: int) -> int:
    return lines // 1000


def write_bill(path: Path, lines: int) -> None:
    """A WeChat Pay bill of type ALL, some 270 bytes a line."""
    amounts = refunds = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(WECHAT_HEAD + "\r\n")
        for n in range(lines):
            amount = AMOUNT_MINOR + (class_of(n) == "amount_differs")
            if is_refund(n):
                refunds += amount
            else:
                amounts += amount
            file.write(_line(n, lines, f"{amount // 100}.{amount % 100:02d}"))
        file.write(WECHAT_SUMS_HEAD + "\r\n")
        total, back, fees = (f"{each // 100}.{each % 100:02d}" for each in (amounts, refunds, expected_fees(lines)))
        file.write(f"`{lines},`{total},`{back},`0.00,`{fees}000,`{total},`{back}\r\n")


def expected_fees(lines: int) -> int:
    """In 分; those of refunds are given back."""
    return FEE_MINOR * sum(-1 if is_refund(n) else 1 for n in range(lines))


def _line(n: int, lines: int, amount: str) -> str:
    second = n * 86_400 // lines
    at = f"{DAY} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    state, paid, back = ("REFUND", "0.00", amount) if is_refund(n) else ("SUCCESS", amount, "0.00")
    numbers = f"`5030000001{n:012d},`{refund_id(n)}" if is_refund(n) else "`0,`0"
    kind, refund_state = ("`ORIGINAL", "`SUCCESS") if is_refund(n) else ("`", "`")
    fee = f"{'-' if is_refund(n) else ''}0.{FEE_MINOR:02d}000"
    known = "x" if class_of(n) == "missing_here" else ""
    return (
        f"`{at},`wx81be3101902f7cb2,`1601959334,`0,`,`{known}{trade_no(n)},`{known}{order_id(n)},"
        f"`ofyak5qR_1wYsC99CsWA6R9MJazA,`NATIVE,`{state},`OTHERS,`CNY,`{paid},`0.00,{numbers},`{back},`0.00,"
        f"{kind},{refund_state},`驾驶证工本费,`{TENANT},`{fee},`0.60%,`{paid},`{back},`\r\n"
    )


def order_id(n: int) -> str:
    return f"pay_{n:032d}"


def trade_no(n: int) -> str:
    return f"4200000001{n:018d}"


def refund_id(n: int) -> str:
    return f"{'x' if class_of(n) == 'missing_here' else ''}ref_{n:032d}"


def seed(url: str, lines: int) -> None:
    """Our records of the same trades, written by the database itself, and those that the statement has not."""
    database = Database(url, "payment", statement_timeout_s=600, lock_timeout_s=60)
    try:
        last = lines + _missing_there(lines)
        for first in range(0, last, SEEDED_AT_ONCE):
            with database.transaction(["*"]) as session:
                _seed(session, first, min(first + SEEDED_AT_ONCE, last) - 1, lines, sqlite=database.is_sqlite)
        if not database.is_sqlite:
            with database.transaction(["*"]) as session:
                session.execute(text("ANALYZE"))
    finally:
        database.dispose()


def _seed(session: Session, first: int, last: int, lines: int, *, sqlite: bool) -> None:
    numbers = "generate_series(cast(:first AS bigint), cast(:last AS bigint)) AS numbers(n)"
    padded, plus = "lpad(cast(n AS text), {0}, '0')", "cast(:begin AS timestamptz) + n * cast(:step AS interval)"
    # Rounded down, or the last ones would be of the next day.
    step: object = timedelta(microseconds=86_400_000_000 // (lines + _missing_there(lines)))
    begin: object = day_begins(DAY)
    if sqlite:
        numbers = (
            "(WITH RECURSIVE c(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM c WHERE n < :last) SELECT n FROM c)"
        )
        padded = "printf('%0{0}d', n)"
        plus = "strftime('%Y-%m-%d %H:%M:%S', :begin, '+' || cast(n * :step AS integer) || ' seconds') || '.000000'"
        begin, step = day_begins(DAY).strftime("%Y-%m-%d %H:%M:%S"), 86_400 / (lines + _missing_there(lines))
    order, trade, refund = (f"'{prefix}' || {padded.format(width)}" for prefix, width in (
        ("pay_", 32), ("4200000001", 18), ("ref_", 32)))
    is_back = f"n % {REFUND_EVERY} = {REFUND_EVERY - 1} AND n < :lines"
    is_known = f"n % {UNKNOWN_HERE} <> 7 OR n >= :lines"
    values = {"first": first, "last": last, "lines": lines, "begin": begin, "step": step, "tenant": TENANT,
              "day": str(DAY) if sqlite else DAY}
    # A refund's order was paid the day before: neither its payment nor its entry is of this day.
    for statement in (  # what is put together is this file's own
        f"""INSERT INTO orders (order_id, tenant_id, app, state, amount_minor, currency, pay_code, collecting_unit,
              division, payer_name, metadata, created_at, expires_at, paid_at, paid_minor, refunded_minor,
              refund_pending_minor, channel, query_attempts, sequence)
            SELECT {order}, :tenant, 'bench', 'paid', {AMOUNT_MINOR}, 'CNY', {padded.format(20)},
              '1133010600000030X3', '330106', '', '{{}}', {plus}, {plus}, {plus}, {AMOUNT_MINOR}, 0, 0, 'wechat', 0, 3
            FROM {numbers} WHERE {is_known}""",  # noqa: S608
        f"""INSERT INTO channel_payments (channel, trade_no, tenant_id, order_id, amount_minor, currency, disposition,
              received_at)
            SELECT 'wechat', {trade}, :tenant, {order}, {AMOUNT_MINOR}, 'CNY', 'settled', {plus}
            FROM {numbers} WHERE ({is_known}) AND NOT ({is_back})""",  # noqa: S608
        f"""INSERT INTO refunds (refund_id, tenant_id, order_id, kind, state, amount_minor, currency, reason, channel,
              trade_no, created_at, next_attempt_at, attempts, completed_at)
            SELECT {refund}, :tenant, {order}, 'order', 'succeeded', {AMOUNT_MINOR}, 'CNY', 'bench', 'wechat', {trade},
              {plus}, {plus}, 1, {plus}
            FROM {numbers} WHERE ({is_known}) AND {is_back}""",  # noqa: S608
        f"""INSERT INTO ledger_entries (entry_id, tenant_id, source, debit_account, credit_account, amount_minor,
              currency, order_id, posted_at, business_day)
            SELECT 'led_' || {padded.format(32)}, :tenant,
              CASE WHEN {is_back} THEN 'refund-done/' || {refund} ELSE 'order-paid/' || {order} END,
              'channel-clearing/wechat', 'fiscal-payable/x', {AMOUNT_MINOR}, 'CNY', {order}, {plus}, :day
            FROM {numbers} WHERE {is_known}""",  # noqa: S608
    ):
        session.execute(text(statement), values)
