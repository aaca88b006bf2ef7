"""The fields of a statement's line: understood exactly, or refused with line, column and what is allowed.

What stands in a refused field is not repeated: it may be a person's.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from services.payment.reconciliation.domain.errors import StatementMalformed, StatementTotalsDiffer
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE
from shared_components.kernel.dates import parse_date, parse_time

_YUAN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")
_NUMBER = re.compile(r"[!-\[\]-~]{1,64}").fullmatch
_COUNT = re.compile(r"[0-9]{1,15}").fullmatch
_CHINA_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}").fullmatch
_CURRENCY = re.compile(r"[A-Z]{3}").fullmatch
_ZONE = CHANNEL_ZONE
NUMBER = "1 to 64 letters, digits and signs of ASCII, without spaces and backslashes"
OTHER_DAY = "is a time on another day"
YUAN = "an amount in 元 with at most two decimals, such as 12.34"


def refuse(line_no: int, column: str, allowed: str, what_is: str = "cannot be read") -> StatementMalformed:
    return StatementMalformed(
        f"statement's line {line_no}, column {column!r} {what_is}; {allowed} is allowed",
        details={"line": line_no, "column": column, "allowed": allowed},
    )


def refuse_day(stated: str, day: date, line_no: int, column: str) -> StatementMalformed:
    """stated: what stands where the statement says its day; repeated only where it is one."""
    try:
        found = parse_date(stated)
    except ValueError:
        return refuse(line_no, column, f"the day {day}")
    return refuse(line_no, column, f"the day {day}, as the import says,", f"says {found}, which is another day")


@lru_cache(100_000)
def _minor(text: str) -> int | None:
    """元 to 分 by digits alone; a float would lose some. None when it is no amount."""
    match = _YUAN.fullmatch(text)
    if match is None:
        return None
    sign, yuan, fen = match.groups()
    amount_minor = int(yuan) * 100 + int((fen or "").ljust(2, "0"))
    return -amount_minor if sign else amount_minor


def yuan(text: str, line_no: int, column: str) -> int:
    """In 分; may be negative."""
    amount_minor = _minor(text)
    if amount_minor is None:
        raise refuse(line_no, column, YUAN)
    return amount_minor


def positive_yuan(text: str, line_no: int, column: str) -> int:
    amount_minor = yuan(text, line_no, column)
    if amount_minor <= 0:
        raise refuse(line_no, column, f"{YUAN}, above 0")
    return amount_minor


def count(text: str, line_no: int, column: str) -> int:
    if not _COUNT(text):
        raise refuse(line_no, column, "a count of at most 15 digits")
    return int(text)


def number(text: str, line_no: int, column: str) -> str:
    if not _NUMBER(text):
        raise refuse(line_no, column, NUMBER)
    return text


def refund_number(text: str, line_no: int, column: str) -> str:
    """Empty is allowed: a full refund that was made at the channel's own desk has no number of the merchant."""
    return number(text, line_no, column) if text else ""


def currency(text: str, line_no: int, column: str) -> str:
    if not _CURRENCY(text):
        raise refuse(line_no, column, "a currency's code of three capital letters, such as CNY")
    return text


def china_time(text: str, day: str, line_no: int, column: str) -> datetime:
    """`2025-06-02 10:00:00`, on the statement's own day."""
    at = _china_time(text)
    if at is not None and text[:10] == day:
        return at
    raise refuse(line_no, column, f"a time on {day}, as {day} 08:30:00,", *(() if at is None else (OTHER_DAY,)))


@lru_cache(4096)
def _china_time(text: str) -> datetime | None:
    """Kept: of a busy day many lines have the same second, and they stand together."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_ZONE) if _CHINA_TIME(text) else None
    except ValueError:
        return None


def zoned_time(text: str, day: date, line_no: int, column: str) -> datetime:
    """ISO 8601 with its offset, on the statement's own day in China."""
    what_is: tuple[str, ...] = ()
    try:
        at = parse_time(text)
        if at.tzinfo is not None:
            if at.astimezone(_ZONE).date() == day:
                return at
            what_is = (OTHER_DAY,)
    except (ValueError, OverflowError):
        pass
    raise refuse(line_no, column, f"a time with its offset on {day} in China, as {day}T08:30:00+08:00,", *what_is)


def positions(header: Sequence[str], needed: Sequence[str], line_no: int) -> Sequence[int]:
    """Where the needed columns stand: channels add columns, and their order is not promised."""
    names = [name.strip() for name in header]
    for name in needed:
        if names.count(name) != 1:
            raise refuse(line_no, name, f"a head with each of the columns {', '.join(needed)} once")
    return [names.index(name) for name in needed]


def optional_position(header: Sequence[str], name: str, line_no: int) -> int | None:
    """Where a column stands that a statement may do without."""
    return positions(header, [name], line_no)[0] if name in map(str.strip, header) else None


def check_totals(stated: Mapping[str, int], counted: Mapping[str, Any], line_no: int) -> None:
    for field, value in stated.items():
        if value != counted[field]:
            raise StatementTotalsDiffer(
                f"statement's line {line_no} states {value} for {field!r}, its lines make {counted[field]}; "
                "only a whole statement is allowed",
                details={"line": line_no, "field": field, "stated": value, "counted": counted[field]},
            )


def cut_off(line_no: int, end: str) -> StatementMalformed:
    return refuse(line_no, end, f"a statement that ends with {end}: this one is cut off, a whole one")


def nothing_after(lines: Iterable[tuple[int, str]], end: str) -> None:
    """What follows is no part of this statement: another one, perhaps, whose money nobody would count."""
    for line_no, _ in lines:
        raise refuse(line_no, "all", f"nothing after {end}")
