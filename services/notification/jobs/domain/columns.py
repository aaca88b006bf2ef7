"""Columns of a file of recipients, and what no cell may hold."""
from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.notification.jobs.domain.problems import HEADER_ROW, Problem
from shared_components.kernel.plain_text import first_control_character, has_line_break, printable

ADDRESS, REFERENCE = "address", "reference"
ALSO_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("email address", "phone number", "收件地址", "邮箱", "电子邮箱", "手机号", "手机号码"), ADDRESS),
    "关联编号": REFERENCE,
}
LONGEST_VALUE, LONGEST_REFERENCE, LONGEST_NAME = 10_000, 128, 40
_SUSPECT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029<]|://|www\\.|^[=@+-]|^#[A-Z]", re.IGNORECASE)
"""Nearly no cell has any of these: the others are looked at once only."""
_NUMBER = re.compile(r"[+-]?[\d\s().,/:-]*%?")
_FORMULA_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!|SPILL!)", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """names: of the cells in their order, ours or those of placeholders. needed: those whose cells are never empty."""

    names: Sequence[str]
    needed: Collection[str]

    def by_name(self, cells: Sequence[str]) -> dict[str, str]:
        return dict(zip(self.names, (cell.strip() for cell in cells), strict=True))


def read_columns(cells: Sequence[str], placeholders: Mapping[str, bool]) -> tuple[Columns, list[Problem]]:
    """The columns, and what is wrong with them. placeholders: name → whether it needs a value."""
    given = [cell.strip() for cell in cells]
    names = [name if name in placeholders else ALSO_CALLED.get(name.lower(), name) for name in given]
    needed = {ADDRESS, *(name for name, is_needed in placeholders.items() if is_needed)}
    known = {ADDRESS, REFERENCE, *placeholders}
    problems = [Problem("column-missing", HEADER_ROW, name) for name in sorted(needed - set(names))]
    for place, name in enumerate(names):
        if name in names[:place]:
            problems.append(Problem("column-twice", HEADER_ROW, shown(name)))
        elif name not in known:
            problems.append(Problem("column-unknown", HEADER_ROW, shown(name)))
    return Columns(names, needed), problems


def shown(name: str) -> str:
    """The name of a column as a report shows it: one short line."""
    return printable(name)[:LONGEST_NAME]


def problem_of(name: str, value: str, *, needed: bool) -> str | None:
    """The code of what is wrong with a cell, or None."""
    if not value:
        return "value-missing" if needed else None
    if len(value) > (LONGEST_REFERENCE if name == REFERENCE else LONGEST_VALUE):
        return "value-too-long"
    if _SUSPECT.search(value) is None:
        return None
    if has_line_break(value):
        return "value-line-break"
    if first_control_character(value) is not None:
        return "value-control-character"
    if _is_formula(value):
        return "value-formula"
    if _MARKUP.search(value):
        return "value-markup"
    return "value-link" if _LINK.search(value) else None


def _is_formula(value: str) -> bool:
    """`+86 138 0000 0000` and `-5` are none; `=A1`, `@SUM(A1)` and `#REF!` are."""
    if value[0] in "=@":
        return True
    if value[0] in "+-":
        return _NUMBER.fullmatch(value) is None
    return _FORMULA_ERROR.match(value) is not None
