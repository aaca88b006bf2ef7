"""Import a tree of departments: each row adds a department, changes one that has its code, or leaves it as it is."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.identity.directory.domain.department import Department
from services.identity.directory.domain.department_row import DepartmentRow, parents_first, problems_of
from services.identity.directory.domain.errors import DepartmentNameInvalid
from services.identity.directory.domain.realm import Realm
from services.identity.directory.usecases.departments import (
    AddDepartment,
    new_department,
    renamed_department,
    with_credit_code,
)
from services.identity.directory.usecases.tree_changes import TreeTx, moved_department
from shared_components.kernel.errors import AppError
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ADD, RENAME, MOVE, CREDIT_CODE = "add", "rename", "move", "credit-code"


@dataclass(frozen=True, slots=True)
class Outcome:
    """done: what the row has changed. problems: why it was refused, then nothing of the file may take effect."""

    row: DepartmentRow
    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def import_rows(tx: TreeTx, realm: Realm, rows: Sequence[DepartmentRow], context: CallContext,
) -> list[Outcome]:
    """Outcomes in the order of the file. The realm is locked; whoever calls takes all back when a row has problems."""
    known = {each.code: each for each in tx.departments.active(realm.realm_id) if each.code is not None}
    problems = problems_of(rows, known)
    outcomes = {row.line: Outcome(row, problems=problems[row.line]) for row in rows}
    if any(problems.values()):
        return list(outcomes.values())
    for row in parents_first(rows):
        outcome = outcomes[row.line]
        try:
            known[row.code] = _take(tx, realm, row, known, outcome.done, context)
        except AppError as refused:
            outcome.problems.append(refused.message)
            break
    return list(outcomes.values())


def _take(
    tx: TreeTx, realm: Realm, row: DepartmentRow, known: dict[str, Department], done: list[str], context: CallContext,
) -> Department:
    parent_id = None if row.parent_code is None else known[row.parent_code].department_id
    name = clean_name(row.name, error=DepartmentNameInvalid)
    credit_code = None if row.credit_code is None else "".join(row.credit_code.split()).upper()
    department = known.get(row.code)
    if department is None:
        done.append(ADD)
        return new_department(
            tx, realm, AddDepartment(row.name, parent_id, row.code, row.credit_code), context)
    if department.parent_id != parent_id:
        department = moved_department(tx, realm, department, parent_id, context)
        done.append(MOVE)
    if department.name != name:
        department = renamed_department(tx, realm, department, name, context)
        done.append(RENAME)
    if credit_code not in (None, department.credit_code):
        department = with_credit_code(tx, realm, department, credit_code, context)
        done.append(CREDIT_CODE)
    return department
