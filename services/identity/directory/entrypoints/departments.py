"""Entrypoints of the directory: departments, officers, history."""
from __future__ import annotations

from services.identity.directory import schemas
from services.identity.directory.domain import errors
from services.identity.directory.domain.ports import DirectoryTx
from services.identity.directory.usecases import departments, memberships, read, tree_changes, views
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import REPORTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.paging import PageView
from shared_components.kernel.states import IllegalTransition

OPERATOR = ["operator"]
CHANGE_ERRORS = [
    errors.RealmNotFound, errors.DepartmentNotFound, errors.DepartmentNotActive, errors.DepartmentExists,
    errors.DepartmentNameInvalid, NumberError,
]
TREE_ERRORS = [*CHANGE_ERRORS, errors.DepartmentTreeInvalid]
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "department", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class DirectoryEntrypoints:
    """Methods about departments and officers."""

    @rpc_method(
        request=schemas.AddDepartment, reply=schemas.Department, errors=[*TREE_ERRORS, errors.TenantTaken],
        callers=OPERATOR, mutating=True, **ADMINISTERED, zh="新增部门，并分配终身不变的租户编号。")
    def add_department(self, tx: DirectoryTx, call: Call[departments.AddDepartment]) -> views.DepartmentView:
        """Add a department with a tenant id that never changes."""
        return departments.add_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.RenameDepartment, reply=schemas.Department, errors=CHANGE_ERRORS, callers=OPERATOR,
        mutating=True, **ADMINISTERED, zh="部门更名；租户编号不变，原名留存。")
    def rename_department(self, tx: DirectoryTx, call: Call[departments.RenameDepartment]) -> views.DepartmentView:
        """Rename a department; its tenant id stays, its old name is in the history."""
        return departments.rename_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ChangeCreditCode, reply=schemas.Department, errors=CHANGE_ERRORS, callers=OPERATOR,
        mutating=True, **ADMINISTERED, zh="变更部门的统一社会信用代码，原代码留存。")
    def change_credit_code(self, tx: DirectoryTx, call: Call[departments.ChangeCreditCode]) -> views.DepartmentView:
        """Change a department's unified social credit code; the old one is in the history."""
        return departments.change_credit_code(tx, call.data, call.context)

    @rpc_method(
        request=schemas.MoveDepartment, reply=schemas.Department, errors=TREE_ERRORS, callers=OPERATOR,
        mutating=True, **ADMINISTERED, zh="将部门移到另一上级之下。")
    def move_department(self, tx: DirectoryTx, call: Call[tree_changes.MoveDepartment]) -> views.DepartmentView:
        """Move a department below another one."""
        return tree_changes.move_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.MergeDepartment, reply=schemas.Department, errors=[*TREE_ERRORS, IllegalTransition],
        callers=OPERATOR, mutating=True, **ADMINISTERED, zh="将部门并入继任部门，下级部门、人员、应用与数据一并移交。")
    def merge_department(self, tx: DirectoryTx, call: Call[tree_changes.MergeDepartment]) -> views.DepartmentView:
        """Merge a department into its successor, which takes over what is below it, officers, apps and data."""
        return tree_changes.merge_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.CloseDepartment, reply=schemas.Department,
        errors=[*TREE_ERRORS, errors.DepartmentNotEmpty, IllegalTransition], callers=OPERATOR, mutating=True,
        **ADMINISTERED, zh="撤销没有下级的部门：任职结束，应用下线，密钥吊销。")
    def close_department(self, tx: DirectoryTx, call: Call[tree_changes.CloseDepartment]) -> views.DepartmentView:
        """Close a department with nothing below it: memberships end, apps are closed, keys are revoked."""
        return tree_changes.close_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByDepartment, reply=schemas.OwnedTenants,
        errors=[errors.RealmNotFound, errors.DepartmentNotFound], callers=OPERATOR,
        **ADMINISTERED, zh="查询部门及其拥有的租户编号。")
    def get_department(self, tx: DirectoryTx, call: Call[read.GetDepartment]) -> views.OwnedTenantsView:
        """A department and the tenant ids that it owns."""
        return read.get_department(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListDepartments, reply=schemas.DepartmentPage, errors=[errors.RealmNotFound],
        callers=OPERATOR, **ADMINISTERED, zh="列出平台域的部门。")
    def list_departments(
        self, tx: DirectoryTx, call: Call[read.ListDepartments],
    ) -> PageView[views.DepartmentView]:
        """Departments of the realm."""
        return read.list_departments(tx, call.data, call.context)

    @rpc_method(
        request=schemas.AddMembership, reply=schemas.Membership,
        errors=[
            errors.RealmNotFound, errors.DepartmentNotFound, errors.DepartmentNotActive, errors.OfficerUnknown,
            errors.PeriodInvalid, errors.MembershipExists],
        callers=OPERATOR, mutating=True, **ADMINISTERED, zh="登记工作人员在部门的任职、角色与期限。")
    def add_membership(self, tx: DirectoryTx, call: Call[memberships.AddMembership]) -> views.MembershipView:
        """Make a person of the realm an officer of a department, with roles and a period."""
        return memberships.add_membership(tx, call.data, call.context)

    @rpc_method(
        request=schemas.EndMembership, reply=schemas.Membership,
        errors=[errors.RealmNotFound, errors.MembershipNotFound, IllegalTransition], callers=OPERATOR, mutating=True,
        **ADMINISTERED, zh="结束任职，立即生效。")
    def end_membership(self, tx: DirectoryTx, call: Call[memberships.EndMembership]) -> views.MembershipView:
        """End a membership at once."""
        return memberships.end_membership(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListMemberships, reply=schemas.MembershipPage, errors=[errors.RealmNotFound],
        callers=OPERATOR, **ADMINISTERED, zh="列出任职，可按部门或工作人员筛选。")
    def list_memberships(
        self, tx: DirectoryTx, call: Call[read.ListMemberships],
    ) -> PageView[views.MembershipView]:
        """Memberships of a department or an officer."""
        return read.list_memberships(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListChanges, reply=schemas.ChangePage, errors=[errors.RealmNotFound], callers=OPERATOR,
        **ADMINISTERED, load_class=REPORTS, zh="查询部门、任职或应用的变更记录，最新的在前。")
    def list_directory_changes(self, tx: DirectoryTx, call: Call[read.ListChanges]) -> PageView[views.ChangeView]:
        """History of a department, membership or app, newest first."""
        return read.list_changes(tx, call.data, call.context)
