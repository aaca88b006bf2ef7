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
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.dates import parse_date, parse_time

_YUAN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")
_NUMBER = re.compile(r"[!-\[\]-~]{1,64}").fullmatch
_COUNT = re.compile(r"[0-9]{1,15}").fullmatch
_CHINA_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}").fullmatch
_CURRENCY = re.compile(r"[A-Z]{3}").fullmatch
_ZONE = CHANNEL_ZONE
NUMBER = Bilingual(
    "1 to 64 letters, digits and signs of ASCII, without spaces and backslashes",
    "1 至 64 个 ASCII 字母、数字和符号，不含空格和反斜杠")
OTHER_DAY = Bilingual("is a time on another day", "是另一日的时间")
UNREADABLE = Bilingual("cannot be read", "无法识别")
YUAN = Bilingual("an amount in 元 with at most two decimals, such as 12.34", "以元为单位、至多两位小数的金额，如 12.34")


def refuse(
    line_no: int, column: str, allowed: Bilingual, what_is: Bilingual = UNREADABLE
) -> StatementMalformed:
    return StatementMalformed(
        Bilingual(
            f"statement's line {line_no}, column {column!r} {what_is}; {allowed} is allowed",
            f"对账单第 {line_no} 行“{column}”列{what_is.zh}；只允许{allowed.zh}"),
        details={"line": line_no, "column": column, "allowed": str(allowed)},
    )


def refuse_day(stated: str, day: date, line_no: int, column: str) -> StatementMalformed:
    """stated: what stands where the statement says its day; repeated only where it is one."""
    try:
        found = parse_date(stated)
    except ValueError:
        return refuse(line_no, column, Bilingual(f"the day {day}", f"日期 {day}"))
    return refuse(line_no, column, Bilingual(
        f"the day {day}, as the import says,",
        f"导入时指定的日期 {day}"), Bilingual(
        f"says {found}, which is another day",
        f"写的是 {found}，为另一日"))


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
        raise refuse(line_no, column, Bilingual(f"{YUAN}, above 0", f"{YUAN.zh}，且大于 0"))
    return amount_minor


def count(text: str, line_no: int, column: str) -> int:
    if not _COUNT(text):
        raise refuse(line_no, column, Bilingual("a count of at most 15 digits", "至多 15 位的笔数"))
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
        raise refuse(line_no, column, Bilingual(
            "a currency's code of three capital letters, such as CNY",
            "三位大写字母的币种代码，如 CNY"))
    return text


def china_time(text: str, day: str, line_no: int, column: str) -> datetime:
    """`2025-06-02 10:00:00`, on the statement's own day."""
    at = _china_time(text)
    if at is not None and text[:10] == day:
        return at
    raise refuse(line_no, column, Bilingual(
        f"a time on {day}, as {day} 08:30:00,",
        f"{day} 当日的时间，如 {day} 08:30:00"), *(() if at is None else (OTHER_DAY,)))


@lru_cache(4096)
def _china_time(text: str) -> datetime | None:
    """Kept: of a busy day many lines have the same second, and they stand together."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_ZONE) if _CHINA_TIME(text) else None
    except ValueError:
        return None


def zoned_time(text: str, day: date, line_no: int, column: str) -> datetime:
    """ISO 8601 with its offset, on the statement's own day in China."""
    what_is: tuple[Bilingual, ...] = ()
    try:
        at = parse_time(text)
        if at.tzinfo is not None:
            if at.astimezone(_ZONE).date() == day:
                return at
            what_is = (OTHER_DAY,)
    except (ValueError, OverflowError):
        pass
    raise refuse(line_no, column, Bilingual(
        f"a time with its offset on {day} in China, as {day}T08:30:00+08:00,",
        f"北京时间 {day} 当日带时区的时间，如 {day}T08:30:00+08:00"), *what_is)


def positions(header: Sequence[str], needed: Sequence[str], line_no: int) -> Sequence[int]:
    """Where the needed columns stand: channels add columns, and their order is not promised."""
    names = [name.strip() for name in header]
    for name in needed:
        if names.count(name) != 1:
            raise refuse(line_no, name, Bilingual(
                f"a head with each of the columns {', '.join(needed)} once",
                f"表头中 {'、'.join(needed)} 各出现一次"))
    return [names.index(name) for name in needed]


def optional_position(header: Sequence[str], name: str, line_no: int) -> int | None:
    """Where a column stands that a statement may do without."""
    return positions(header, [name], line_no)[0] if name in map(str.strip, header) else None


def check_totals(stated: Mapping[str, int], counted: Mapping[str, Any], line_no: int) -> None:
    for field, value in stated.items():
        if value != counted[field]:
            raise StatementTotalsDiffer(
                Bilingual(
                    f"statement's line {line_no} states {value} for {field!r}, its lines make {counted[field]}; "
                    "only a whole statement is allowed",
                    f"对账单第 {line_no} 行所载“{field}”为 {value}，明细合计为 {counted[field]}；只允许完整的对账单"),
                details={"line": line_no, "field": field, "stated": value, "counted": counted[field]},
            )


def cut_off(line_no: int, end: str) -> StatementMalformed:
    return refuse(line_no, end, Bilingual(
        f"a statement that ends with {end}: this one is cut off, a whole one",
        f"以 {end} 结尾的完整对账单（本文件不完整）"))


def nothing_after(lines: Iterable[tuple[int, str]], end: str) -> None:
    """Refuse text after the end: it may be another statement, whose money nobody would count."""
    for line_no, _ in lines:
        raise refuse(line_no, "all", Bilingual(f"nothing after {end}", f"{end} 之后没有内容"))
