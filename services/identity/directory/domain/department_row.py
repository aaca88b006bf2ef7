"""Rows of an import of departments, and the order in which they take effect."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.identity.directory.domain.errors import DepartmentNameInvalid
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import NumberError, validate_credit_code

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}")


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """parent_code: None is a root. credit_code: None leaves it as it is."""

    line: int
    code: str
    name: str
    parent_code: str | None
    credit_code: str | None


def problems_of(rows: Sequence[DepartmentRow], known: Collection[str]) -> dict[int, list[str]]:
    """Line → what is wrong with the row by itself or beside the others. known: codes of active departments."""
    codes = Counter(row.code for row in rows)
    credit_codes = Counter(row.credit_code for row in rows if row.credit_code)
    found: dict[int, list[str]] = {row.line: [] for row in rows}
    for row in rows:
        told = found[row.line]
        if not _CODE.fullmatch(row.code):
            told.append("code has other signs; 1 to 32 letters, digits and _.- are allowed")
        if codes[row.code] > 1:
            told.append(f"code stands on {codes[row.code]} lines; once is allowed")
        if row.credit_code and credit_codes[row.credit_code] > 1:
            told.append(f"credit code stands on {credit_codes[row.credit_code]} lines; once is allowed")
        if row.parent_code and row.parent_code not in codes and row.parent_code not in known:
            told.append("parent_code is unknown; a code of this file or of an active department is allowed")
        told += _wrong_values(row)
    for row in _in_circles(rows):
        found[row.line].append("parent_code leads back to the row itself; a tree is allowed")
    return found


def parents_first(rows: Sequence[DepartmentRow]) -> list[DepartmentRow]:
    """The rows in an order in which each comes after the one above it. No row is in a circle."""
    by_code = {row.code: row for row in rows}
    ordered: dict[str, DepartmentRow] = {}
    for row in rows:
        branch = []
        at: DepartmentRow | None = row
        while at is not None and at.code not in ordered:
            branch.append(at)
            at = by_code.get(at.parent_code or "")
        ordered.update((each.code, each) for each in reversed(branch))
    return list(ordered.values())


def _wrong_values(row: DepartmentRow) -> list[str]:
    told = []
    try:
        clean_name(row.name, error=DepartmentNameInvalid)
    except DepartmentNameInvalid as wrong:
        told.append(wrong.message)
    if row.credit_code:
        try:
            validate_credit_code("".join(row.credit_code.split()).upper())
        except NumberError as wrong:
            told.append(wrong.message)
    return told


def _in_circles(rows: Sequence[DepartmentRow]) -> list[DepartmentRow]:
    parents = {row.code: row.parent_code for row in rows}

    def leads_back(row: DepartmentRow) -> bool:
        at, steps = row.parent_code, 0
        while at is not None and steps <= len(parents):
            if at == row.code:
                return True
            at, steps = parents.get(at), steps + 1
        return False

    return [row for row in rows if leads_back(row)]
