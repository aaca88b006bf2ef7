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
    """The same, locked: one change of a realm's tree at a time. Raises RealmNotFound."""
    entry = tx.realms.entry(context.tenant)
    realm = None if entry is None else tx.realms.lock(entry.realm_id)
    if realm is None:
        raise _no_realm(context)
    return realm


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
