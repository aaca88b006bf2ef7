"""Look-ups that several use cases share; each raises the typed error of what is missing."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import DepartmentNotFound, RealmNotFound
from services.identity.directory.domain.ports import HasDepartments, HasRealms
from services.identity.directory.domain.realm import Realm
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def realm_of(tx: HasRealms, context: CallContext) -> Realm:
    """The realm of the caller's tenant. Raises RealmNotFound."""
    entry = tx.realms.entry(context.tenant)
    realm = None if entry is None else tx.realms.get(entry.realm_id)
    if realm is None:
        raise _no_realm(context)
    return realm


def locked_realm(tx: HasRealms, context: CallContext) -> Realm:
    """The realm itself, locked: one change of its tree at a time. Row security lets no department change the tree.

    Raises RealmNotFound, also for the tenant of a department.
    """
    realm = tx.realms.lock(context.tenant)
    if realm is None:
        raise _is_department(context, realm_of(tx, context))
    return realm


def _is_department(context: CallContext, realm: Realm) -> RealmNotFound:
    return RealmNotFound(Bilingual(
        f"tenant '{context.tenant}' is a department's or a sandbox's; only '{realm.realm_id}' changes its realm's tree",
        f"租户“{context.tenant}”属于部门或沙箱；只有“{realm.realm_id}”可变更本平台域的部门"))


def department_of(tx: HasDepartments, realm: Realm, department_id: str) -> Department:
    """Raises DepartmentNotFound."""
    department = tx.departments.get(realm.realm_id, department_id)
    if department is None:
        raise DepartmentNotFound
    return department


def _no_realm(context: CallContext) -> RealmNotFound:
    return RealmNotFound(Bilingual(
        f"tenant '{context.tenant}' belongs to no realm; `zhongtai directory create-realm` makes one",
        f"租户“{context.tenant}”不属于任何平台域；可用 zhongtai directory create-realm 建立"))
