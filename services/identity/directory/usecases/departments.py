"""Add departments, rename them, and change their credit codes."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import DepartmentExists, DepartmentNameInvalid
from services.identity.directory.domain.ports import HasDepartments, HasRealms, RecordsChanges
from services.identity.directory.domain.realm import PRODUCTION, SANDBOX, Realm, RealmTenant
from services.identity.directory.domain.tree import Tree
from services.identity.directory.usecases import views
from services.identity.directory.usecases.lookups import department_of, locked_realm
from services.identity.directory.usecases.records import record_department
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import validate_credit_code

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ADDED, RENAMED, CREDIT_CODE_CHANGED = "department-added", "department-renamed", "credit-code-changed"


class DepartmentTx(RecordsChanges, HasRealms, HasDepartments, Protocol):
    """The transaction of changing a department."""


@dataclass(frozen=True, slots=True)
class AddDepartment:
    """tenant: an existing tenant id that becomes the department's; None makes a new one."""

    name: str
    parent_id: str | None = None
    code: str | None = None
    credit_code: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class RenameDepartment:
    department_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ChangeCreditCode:
    department_id: str
    credit_code: str | None = None


def add_department(tx: DepartmentTx, command: AddDepartment, context: CallContext) -> views.DepartmentView:
    """Raises DepartmentNotFound, DepartmentNotActive, DepartmentExists, DepartmentTreeInvalid, TenantTaken,
    NumberError, DepartmentNameInvalid, RealmNotFound."""
    return views.department(new_department(tx, locked_realm(tx, context), command, context))


def new_department(tx: DepartmentTx, realm: Realm, command: AddDepartment, context: CallContext) -> Department:
    """The same in a realm that is locked already."""
    name = clean_name(command.name, error=DepartmentNameInvalid)
    if command.parent_id is not None:
        department_of(tx, realm, command.parent_id).require_active()
    Tree(tx.departments.parents(realm.realm_id)).check_place(None, command.parent_id)
    require_free_name(tx, realm, command.parent_id, name)
    _require_free_code(tx, realm, command.code)
    tenant = command.tenant or new_id("tnt")
    department = Department(
        department_id=new_id("dep"), realm_id=realm.realm_id, parent_id=command.parent_id, name=name,
        code=command.code, credit_code=_free_credit_code(tx, realm, command.credit_code), tenant=tenant,
        sandbox_tenant=new_id("tns"), created_at=tx.clock.now())
    _enter_tenants(tx, realm, department)
    tx.departments.add(department)
    record_department(
        tx, department, ADDED, context, parent_id=department.parent_id, name=name, code=department.code,
        credit_code=department.credit_code, tenant=tenant)
    return department


def rename_department(tx: DepartmentTx, command: RenameDepartment, context: CallContext) -> views.DepartmentView:
    """Raises DepartmentNotFound, DepartmentNotActive, DepartmentExists, DepartmentNameInvalid."""
    realm = locked_realm(tx, context)
    before = department_of(tx, realm, command.department_id)
    return views.department(renamed_department(tx, realm, before, command.name, context))


def renamed_department(
    tx: DepartmentTx, realm: Realm, before: Department, name: str, context: CallContext,
) -> Department:
    """The same in a realm that is locked already."""
    after = before.renamed(clean_name(name, error=DepartmentNameInvalid))
    require_free_name(tx, realm, before.parent_id, after.name, but=before.department_id)
    tx.departments.save(after)
    record_department(tx, after, RENAMED, context, name_before=before.name, name=after.name)
    return after


def change_credit_code(tx: DepartmentTx, command: ChangeCreditCode, context: CallContext) -> views.DepartmentView:
    """Raises DepartmentNotFound, DepartmentNotActive, DepartmentExists, NumberError."""
    realm = locked_realm(tx, context)
    before = department_of(tx, realm, command.department_id)
    return views.department(with_credit_code(tx, realm, before, command.credit_code, context))


def with_credit_code(
    tx: DepartmentTx, realm: Realm, before: Department, credit_code: str | None, context: CallContext,
) -> Department:
    """The same in a realm that is locked already."""
    after = before.with_credit_code(_free_credit_code(tx, realm, credit_code, but=before.department_id))
    tx.departments.save(after)
    record_department(
        tx, after, CREDIT_CODE_CHANGED, context, credit_code_before=before.credit_code, credit_code=after.credit_code)
    return after


def require_free_name(
    tx: HasDepartments, realm: Realm, parent_id: str | None, name: str, *, but: str | None = None,
) -> None:
    """Raises DepartmentExists."""
    if tx.departments.has_sibling(realm.realm_id, parent_id, name, but=but):
        raise _exists("name", f"name is '{name}'; the same parent has an active department of this name",
                      f"同一上级下已有名为“{name}”的部门")


def _require_free_code(tx: HasDepartments, realm: Realm, code: str | None) -> None:
    if code is not None and tx.departments.find(realm.realm_id, code=code) is not None:
        raise _exists("code", f"code is '{code}'; the realm has a department with this code", f"部门编码“{code}”已存在")


def _free_credit_code(tx: HasDepartments, realm: Realm, code: str | None, *, but: str | None = None) -> str | None:
    """The credit code in its one spelling. Raises NumberError, DepartmentExists."""
    if code is None:
        return None
    text = validate_credit_code("".join(code.split()).upper())
    found = tx.departments.find(realm.realm_id, credit_code=text)
    if found is not None and found.department_id != but:
        raise _exists("credit_code", f"credit code is '{text}'; an active department of the realm has it",
                      f"统一社会信用代码“{text}”已用于其他部门")
    return text


def _enter_tenants(tx: HasRealms, realm: Realm, department: Department) -> None:
    # The population's own tenant is entered with the realm; its owning department may have it too.
    if department.tenant != realm.realm_id:
        tx.realms.enter(RealmTenant(department.tenant, realm.realm_id, PRODUCTION))
    tx.realms.enter(RealmTenant(department.sandbox_tenant, realm.realm_id, SANDBOX))


def _exists(field: str, en: str, zh: str) -> DepartmentExists:
    return DepartmentExists(Bilingual(en, zh), details={"fields": {field: [Bilingual(en, zh)]}})
