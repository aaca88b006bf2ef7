"""Move, merge and close departments. The realm is locked: two changes of a tree never run at once."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import DepartmentNotEmpty, DepartmentTreeInvalid
from services.identity.directory.domain.ports import (
    HasApps,
    HasDepartments,
    HasMemberships,
    HasRealms,
    RecordsChanges,
)
from services.identity.directory.domain.realm import Realm
from services.identity.directory.domain.tree import Tree
from services.identity.directory.usecases import views
from services.identity.directory.usecases.close_app import CLOSED_WITH_DEPARTMENT, closed_app
from services.identity.directory.usecases.departments import require_free_name
from services.identity.directory.usecases.lookups import department_of, locked_realm
from services.identity.directory.usecases.memberships import ENDED_WITH_DEPARTMENT, ended_membership
from services.identity.directory.usecases.records import record_app, record_department, record_membership
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MOVED, MERGED, CLOSED = "department-moved", "department-merged", "department-closed"
TAKEN_OVER = "taken-over"


class TreeTx(RecordsChanges, HasRealms, HasDepartments, HasMemberships, HasApps, Protocol):
    """The transaction of changing the tree."""


@dataclass(frozen=True, slots=True)
class MoveDepartment:
    """parent_id: None makes it a root."""

    department_id: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class MergeDepartment:
    department_id: str
    successor_id: str


@dataclass(frozen=True, slots=True)
class CloseDepartment:
    department_id: str


def move_department(tx: TreeTx, command: MoveDepartment, context: CallContext) -> views.DepartmentView:
    """Raises DepartmentNotFound, DepartmentNotActive, DepartmentTreeInvalid, DepartmentExists."""
    realm = locked_realm(tx, context)
    before = department_of(tx, realm, command.department_id)
    return views.department(moved_department(tx, realm, before, command.parent_id, context))


def moved_department(
    tx: TreeTx, realm: Realm, before: Department, parent_id: str | None, context: CallContext,
) -> Department:
    """The same in a realm that is locked already."""
    after = before.moved_below(parent_id)
    if parent_id is not None:
        department_of(tx, realm, parent_id).require_active()
    Tree(tx.departments.parents(realm.realm_id)).check_place(before.department_id, parent_id)
    require_free_name(tx, realm, parent_id, after.name, but=before.department_id)
    _move(tx, before, after, MOVED, context)
    return after


def merge_department(tx: TreeTx, command: MergeDepartment, context: CallContext) -> views.DepartmentView:
    """Merge a department into its successor, which takes over all that it has; gives the merged one.

    Departments below it, officers, apps and tenant ids become the successor's.
    Raises DepartmentNotFound, DepartmentNotActive, DepartmentTreeInvalid, IllegalTransition.
    """
    realm = locked_realm(tx, context)
    before = department_of(tx, realm, command.department_id)
    successor = department_of(tx, realm, command.successor_id).require_active()
    after = before.merged_into(successor.department_id)
    _take_over_children(tx, before, successor, context)
    _take_over_officers(tx, before, successor, context)
    _take_over_apps(tx, before, successor, context)
    tx.departments.hand_over(realm.realm_id, before.department_id, successor.department_id)
    if realm.department_id == before.department_id:
        tx.realms.save(replace(realm, department_id=successor.department_id))
    tx.departments.save(after)
    record_department(tx, after, MERGED, context, successor_id=successor.department_id)
    return views.department(after)


def close_department(tx: TreeTx, command: CloseDepartment, context: CallContext) -> views.DepartmentView:
    """Close a department without a successor: memberships end, apps are closed, and their keys open nothing.

    Raises DepartmentNotFound, DepartmentNotEmpty, DepartmentTreeInvalid, IllegalTransition.
    """
    realm = locked_realm(tx, context)
    before = department_of(tx, realm, command.department_id)
    after = before.closed()
    _require_leaf(tx, realm, before)
    for membership in tx.memberships.active(realm.realm_id, department_id=before.department_id):
        ended_membership(tx, membership, ENDED_WITH_DEPARTMENT, context)
    for app in tx.apps.open_of(realm.realm_id, before.department_id):
        closed_app(tx, app, CLOSED_WITH_DEPARTMENT, context)
    tx.departments.save(after)
    record_department(tx, after, CLOSED, context)
    return views.department(after)


def _require_leaf(tx: HasDepartments, realm: Realm, department: Department) -> None:
    if realm.department_id == department.department_id:
        raise DepartmentTreeInvalid(Bilingual(
            f"department {department.department_id} owns the realm's population; it can only be merged",
            f"部门 {department.department_id} 归口管理本平台域的人口数据；只能合并，不能撤销"))
    below = Tree(tx.departments.parents(realm.realm_id)).children(department.department_id)
    if below:
        raise DepartmentNotEmpty(Bilingual(
            f"department {department.department_id} has {len(below)} departments below it; none is allowed",
            f"部门 {department.department_id} 有 {len(below)} 个下级部门；须先移走、合并或撤销"))


def _take_over_children(tx: TreeTx, before: Department, successor: Department, context: CallContext) -> None:
    tree = Tree(tx.departments.parents(before.realm_id))
    if before.department_id in (successor.department_id, *tree.above(successor.department_id)):
        raise DepartmentTreeInvalid(Bilingual(
            f"successor {successor.department_id} is the department itself or below it; move it out first",
            f"继任部门 {successor.department_id} 就是该部门或其下级；请先移出"))
    for child_id in tree.children(before.department_id):
        tree.check_place(child_id, successor.department_id)
        child = tx.departments.get(before.realm_id, child_id)
        assert child is not None, "the realm is locked"
        _move(tx, child, child.moved_below(successor.department_id), TAKEN_OVER, context)


def _take_over_officers(tx: TreeTx, before: Department, successor: Department, context: CallContext) -> None:
    for membership in tx.memberships.active(before.realm_id, department_id=before.department_id):
        moved = membership.moved_to(successor.department_id)
        tx.memberships.save(moved)
        record_membership(tx, moved, TAKEN_OVER, context, department_before=before.department_id)


def _take_over_apps(tx: TreeTx, before: Department, successor: Department, context: CallContext) -> None:
    for app in tx.apps.open_of(before.realm_id, before.department_id):
        moved = app.moved_to(successor.department_id)
        tx.apps.save(moved)
        record_app(tx, moved, TAKEN_OVER, context, department_before=before.department_id)


def _move(tx: TreeTx, before: Department, after: Department, what: str, context: CallContext) -> None:
    tx.departments.save(after)
    record_department(tx, after, what, context, parent_before=before.parent_id, parent_id=after.parent_id)
