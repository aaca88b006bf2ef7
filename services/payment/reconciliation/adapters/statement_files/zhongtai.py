"""Our own statement, docs/guides/statement-format.md: what the sandbox and small channels write."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from services.payment.reconciliation.adapters.statement_files.fields import (
    check_totals,
    currency,
    cut_off,
    nothing_after,
    number,
    optional_position,
    positions,
    refund_number,
    refuse,
    refuse_day,
    zoned_time,
)
from services.payment.reconciliation.domain.statement import KINDS, PAYMENT, STATUSES, StatementLine
from shared_components.kernel.bilingual import Bilingual

TITLE = "#zhongtai-statement"
VERSION = "1"
TOTAL = "#total"
COLUMNS = ("kind", "trade_no", "order_id", "refund_id", "amount_minor", "currency", "status", "occurred_at")
FEE, FEES = "fee_minor", "fees_minor"
LARGEST_AMOUNT_MINOR = 10**14


def read(lines: Iterator[tuple[int, str]], day: date) -> Iterator[StatementLine]:
    _check_title(*next(lines, (1, "")), day)
    line_no, head = next(lines, (2, ""))
    kind_at, trade, order, refund, amount, money, status_at, when = positions(head.split(","), COLUMNS, line_no)
    fee_at = optional_position(head.split(","), FEE, line_no)
    width = len(head.split(","))
    totals, fee_minor = _no_totals(with_fees=fee_at is not None), None
    for line_no, line in lines:
        fields = line.split(",")
        if fields[0] == TOTAL:
            check_totals(_stated(line_no, fields, totals), totals, line_no)
            nothing_after(lines, TOTAL)
            return
        if len(fields) != width:
            raise refuse(line_no, "all", Bilingual(f"{width} fields", f"{width} 个字段"))
        kind, status = fields[kind_at], fields[status_at]
        if kind not in KINDS:
            raise refuse(line_no, "kind", Bilingual("payment or refund", "payment 或 refund"))
        if status not in STATUSES:
            raise refuse(line_no, "status", Bilingual(
                "succeeded, processing or failed",
                "succeeded、processing 或 failed"))
        trade_no = number(fields[trade], line_no, "trade_no")
        own_number = trade_no if kind == PAYMENT else refund_number(fields[refund], line_no, "refund_id")
        amount_minor = _whole(fields[amount], line_no, "amount_minor")
        totals[f"{kind}s"] += 1
        totals[f"{kind}s_minor"] += amount_minor
        if fee_at is not None:
            fee_minor = _signed(fields[fee_at], line_no, FEE)
            totals[FEES] += fee_minor
        yield StatementLine(
            line_no, kind, own_number, number(fields[order], line_no, "order_id"),
            amount_minor, currency(fields[money], line_no, "currency"), status,
            zoned_time(fields[when], day, line_no, "occurred_at"), fee_minor, trade_no,
        )
    raise cut_off(line_no, TOTAL)


def write(day: date, lines: Iterable[tuple[StatementLine, str]]) -> Iterator[str]:
    """The text of a statement, line by line. lines: each with the channel's trade_no. A fee that is not said is 0."""
    yield f"{TITLE},{VERSION},{day.isoformat()}\n"
    yield ",".join((*COLUMNS, FEE)) + "\n"
    totals = _no_totals(with_fees=True)
    for line, trade_no in lines:
        refund_id = "" if line.kind == PAYMENT else line.number
        totals[f"{line.kind}s"] += 1
        totals[f"{line.kind}s_minor"] += line.amount_minor
        totals[FEES] += line.fee_minor or 0
        yield (
            f"{line.kind},{trade_no},{line.order_id},{refund_id},{line.amount_minor},{line.currency},{line.status},"
            f"{line.occurred_at.isoformat()},{line.fee_minor or 0}\n"
        )
    yield ",".join([TOTAL, *map(str, totals.values())]) + "\n"


def _check_title(line_no: int, line: str, day: date) -> None:
    title = line.split(",")
    if title[:2] != [TITLE, VERSION]:
        raise refuse(line_no, "title", Bilingual(f"{TITLE},{VERSION} and the day", f"{TITLE},{VERSION} 和日期"))
    if title[2:] != [day.isoformat()]:
        raise refuse_day(",".join(title[2:]), day, line_no, "day")


def _stated(line_no: int, fields: list[str], totals: dict[str, int]) -> dict[str, int]:
    if len(fields) != len(totals) + 1:
        raise refuse(line_no, TOTAL, Bilingual(f"{TOTAL} and {', '.join(totals)}", f"{TOTAL} 和 {'、'.join(totals)}"))
    return {
        name: _signed(text, line_no, name) if name == FEES else _whole(text, line_no, name, least=0)
        for name, text in zip(totals, fields[1:], strict=True)
    }


def _no_totals(*, with_fees: bool) -> dict[str, int]:
    """In the order in which the last line has them."""
    totals = {f"{kind}s{what}": 0 for kind in KINDS for what in ("", "_minor")}
    return {**totals, FEES: 0} if with_fees else totals


def _whole(text: str, line_no: int, column: str, least: int = 1) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 15 and least <= int(text) <= LARGEST_AMOUNT_MINOR:
        return int(text)
    raise refuse(line_no, column, Bilingual(f"a whole number of 分 from {least}", f"不小于 {least} 的整数（分）"))


def _signed(text: str, line_no: int, column: str) -> int:
    if not text.startswith("-"):
        return _whole(text, line_no, column, least=0)
    return -_whole(text[1:], line_no, column)
