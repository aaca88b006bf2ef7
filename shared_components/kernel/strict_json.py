"""The one reader of JSON from outside: bodies, callbacks, messages of the bus, providers' answers, the command line.

It takes what can mean one thing only and comes back exactly as it was written (RFC 7493, I-JSON): UTF-8 without a byte
order mark, one document, every name once in its object, no lone surrogate, no NUL (PostgreSQL cannot store it), no
number that a float or 64 bits would change, at most MAX_DEPTH levels.
"""
from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from shared_components.kernel.bilingual import Bilingual

MAX_DEPTH = 64
"""Levels of nesting, everywhere: bus, HTTP, callbacks, YAML, command line. No contract comes near it, whatever handles
a value further on may recurse, and orjson writes no more than 254."""
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
_LONGEST_NAME_SHOWN, _LONGEST_PATH_SHOWN = 64, 200

TOO_DEEP = Bilingual(
    f"is nested too deeply; {MAX_DEPTH} levels are allowed", f"嵌套过深；最多允许 {MAX_DEPTH} 层")
HAS_NUL = Bilingual("contains the character NUL; text without it is allowed", "含有 NUL 字符；只允许不含该字符的文本")
HAS_SURROGATE = Bilingual(
    "contains half of a surrogate pair; Unicode text is allowed", "含有不成对的代理字符；只允许 Unicode 文本")
GIVEN_TWICE = Bilingual("given twice", "重复出现")
TOO_LARGE = Bilingual(
    f"is a whole number out of range; {SMALLEST_INTEGER} to {LARGEST_INTEGER} are allowed (else send text)",
    f"整数超出范围；允许 {SMALLEST_INTEGER} 至 {LARGEST_INTEGER}（更大的数请以文本传递）")
NOT_EXACT = Bilingual(
    "is a number that a 64-bit float cannot hold exactly; fewer digits are allowed (else send text)",
    "数字超出 64 位浮点数的精度；请减少位数（或以文本传递）")
NOT_FINITE = Bilingual("is NaN or infinite; a finite number is allowed", "为 NaN 或无穷大；只允许有限数字")
NO_TEXT_KEY = Bilingual("has a key that is not text; text is allowed", "键不是文本；只允许文本")
_NUL_ESCAPED = b"\\u0000"

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """A mistake in the value at a path; the root's path is empty."""

    path: Path
    wrong: Bilingual

    @property
    def where(self) -> str:
        """`order.lines.0`, cut to what fits into a message."""
        shown = ".".join(str(part)[:_LONGEST_NAME_SHOWN] for part in self.path)
        printable = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in shown)
        return printable[:_LONGEST_PATH_SHOWN]


class JsonRefused(ValueError):
    """The text quotes nothing of the content but the names on the way to the wrong value.

    path: of the wrong value; empty for the document as a whole.
    """

    def __init__(self, problem: Problem) -> None:
        self.path, self.wrong, self.where = problem.path, problem.wrong, problem.where
        super().__init__(f"'{self.where}' {self.wrong}" if problem.path else str(self.wrong))

    @property
    def zh(self) -> str:
        """The same text in Chinese."""
        return f"“{self.where}”{self.wrong.zh}" if self.path else self.wrong.zh

    def fields(self) -> dict[str, list[str]]:
        """As details of an error; empty when the document as a whole is wrong."""
        return {self.where: [self.wrong]} if self.path else {}


def read(body: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """The content of one JSON document. Raises JsonRefused."""
    raw = _encoded(body)
    content = _parsed(raw)
    if raw.count(b"{") + raw.count(b"[") > max_depth and exceeds_depth(content, max_depth):
        raise JsonRefused(Problem((), TOO_DEEP))
    if not _is_plain(raw, content):
        _examine(raw)
    return content


def read_list(body: bytes | str) -> Any:
    """As `read`, but in a list each entry that is refused stands as (entry, JsonRefused), beside its good neighbours.

    The depth of the entries is the caller's to check.
    """
    raw = _encoded(body)
    content = _parsed(raw)
    if isinstance(content, list) and not _is_plain(raw, content):
        return _examined_entries(raw.decode())
    return content


def _encoded(body: bytes | str) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")  # what is no UTF-8 then, the parser refuses
    return bytes(body)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        # Only where it is: the parser's own message may quote the body.
        line, column = wrong.lineno, wrong.colno
    raise JsonRefused(Problem((), Bilingual(
        f"is not JSON in UTF-8 (line {line}, column {column})",
        f"不是 UTF-8 编码的 JSON（第 {line} 行，第 {column} 列）")))


def _is_plain(raw: bytes, content: Any) -> bool:
    """Whether the body is exactly what orjson writes for its content, as the bodies of our own programs are.

    Then no name is there twice and no number was changed: the body would be longer, or have other digits.
    """
    try:
        return _NUL_ESCAPED not in raw and orjson.dumps(content) == raw
    except TypeError:
        return False  # deeper than orjson writes


# What is written otherwise is read once more, by a parser that shows every pair and every number.


class _Found(Exception):
    pass


class _Wrong(Bilingual):
    """Stands in for a value that is not allowed."""


def _marked(wrong: Bilingual) -> _Wrong:
    return _Wrong(wrong, wrong.zh)


def _wrong_integer(text: str) -> Bilingual | None:
    short = len(text) < 19
    return None if short or SMALLEST_INTEGER <= int(text) <= LARGEST_INTEGER else TOO_LARGE


def _wrong_float(text: str) -> Bilingual | None:
    try:
        return None if Decimal(text) == Decimal(repr(float(text))) else NOT_EXACT
    except InvalidOperation:
        return NOT_EXACT


def _check_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise _Found
    return content


def _check_integer(text: str) -> None:
    if _wrong_integer(text):
        raise _Found


def _check_float(text: str) -> None:
    if _wrong_float(text):
        raise _Found


def _marked_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, value in pairs:
        content[name] = _marked(GIVEN_TWICE) if name in content else value
    return content


def _marked_integer(text: str) -> Any:
    wrong = _wrong_integer(text)
    return _marked(wrong) if wrong else int(text)


def _marked_float(text: str) -> Any:
    wrong = _wrong_float(text)
    return _marked(wrong) if wrong else float(text)


# Made once: json.loads would make one for every body.
_CHECKER = json.JSONDecoder(object_pairs_hook=_check_pairs, parse_int=_check_integer, parse_float=_check_float)
_MARKER = json.JSONDecoder(object_pairs_hook=_marked_pairs, parse_int=_marked_integer, parse_float=_marked_float)
_PLAIN = json.JSONDecoder()


def _examine(raw: bytes) -> None:
    """Raises JsonRefused for a body that orjson has read and that is not too deep."""
    text = raw.decode()
    try:
        _CHECKER.decode(text)
        if _NUL_ESCAPED not in raw:
            return
    except _Found:
        pass
    problem = find_problem(_MARKER.decode(text))
    if problem is not None:
        raise JsonRefused(problem)


def _examined_entries(text: str) -> list[Any]:
    entries: list[Any] = []
    for entry, part in _entries(text):
        try:
            _examine(part.encode())
        except JsonRefused as refused:
            entries.append((entry, refused))
        except RecursionError:
            entries.append((entry, JsonRefused(Problem((), TOO_DEEP))))
        else:
            entries.append(entry)
    return entries


def _entries(text: str) -> Iterator[tuple[Any, str]]:
    """Each entry of a list that orjson has read, and its text."""
    position = text.index("[") + 1
    while True:
        position = _after_blanks(text, position)
        if text[position] == "]":
            return
        try:
            _, end = _PLAIN.raw_decode(text, position)
            yield orjson.loads(text[position:end]), text[position:end]
        except RecursionError:
            # Nobody can say where it ends: nothing behind it is read.
            yield None, "[" * (MAX_DEPTH + 1)
            return
        position = _after_blanks(text, end)
        if text[position] == ",":
            position += 1


def _after_blanks(text: str, position: int) -> int:
    while text[position] in " \t\n\r":
        position += 1
    return position


# Values that are in memory: what was read, what YAML gave, what a program hands to a client.


def exceeds_depth(content: Any, max_depth: int = MAX_DEPTH) -> bool:
    """Level by level: recursion is what is to be prevented. For what a parser gave, which has an end."""
    level = [content] if type(content) is dict or type(content) is list else []
    for left in range(max_depth - 1, -1, -1):
        deeper = []
        for one in level:
            for inner in one.values() if type(one) is dict else one:
                # Nothing is below an empty one; at the last level it counts itself.
                if (type(inner) is dict or type(inner) is list) and (inner or not left):
                    deeper.append(inner)
        if not deeper:
            return False
        level = deeper
    return True


def find_problem(content: Any, max_depth: int = MAX_DEPTH) -> Problem | None:
    """The first value that could not be sent as it is, or None. A value that contains itself is too deep."""
    for path, value in _values(content, max_depth):
        wrong = TOO_DEEP if len(path) >= max_depth and _is_container(value) else wrong_of(value)
        if wrong is not None:
            return Problem(path if wrong != TOO_DEEP else path[:2], wrong)
    return None


def _values(content: Any, max_depth: int) -> Iterator[tuple[Path, Any]]:
    """Every value with its path, deep ones first; nothing below max_depth."""
    waiting: list[tuple[Path, Any]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if len(path) >= max_depth:
            continue
        if isinstance(value, dict):
            waiting += [((*path, key), inner) for key, inner in reversed(list(value.items()))]
        elif isinstance(value, (list, tuple)):
            waiting += [((*path, index), inner) for index, inner in reversed(list(enumerate(value)))]


def _is_container(value: Any) -> bool:
    return isinstance(value, (dict, list, tuple))


def wrong_of(value: Any) -> Bilingual | None:
    """Give the mistake of one value, without the values inside; a mapping's keys count as its own."""
    if isinstance(value, _Wrong):
        return value
    if isinstance(value, str):
        return wrong_of_text(value)
    if isinstance(value, Enum):
        return wrong_of(value.value)
    if value is None or isinstance(value, (bool, list, tuple, UUID)):
        return None
    if isinstance(value, int):
        return None if SMALLEST_INTEGER <= value <= LARGEST_INTEGER else TOO_LARGE
    if isinstance(value, float):
        return None if math.isfinite(value) else NOT_FINITE
    if isinstance(value, dict):
        return next((_wrong_of_key(key) for key in value if _wrong_of_key(key)), None)
    return Bilingual(
        f"of type {type(value).__name__} has no form in JSON", f"类型 {type(value).__name__} 无法表示为 JSON")


def _wrong_of_key(key: Any) -> Bilingual | None:
    if not isinstance(key, str):
        return NO_TEXT_KEY
    wrong = wrong_of_text(key)
    return None if wrong is None else Bilingual(f"has a key that {wrong}", f"键{wrong.zh}")


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def control_in(text: str) -> str | None:
    """The first character that YAML allows in no file, `U+0000`, or None: an escape may still have made one."""
    found = _CONTROL.search(text)
    return None if found is None else f"U+{ord(found[0]):04X}"


def wrong_of_text(text: str) -> Bilingual | None:
    if "\0" in text:
        return HAS_NUL
    try:
        text.encode()
    except UnicodeEncodeError:
        return HAS_SURROGATE
    return None
