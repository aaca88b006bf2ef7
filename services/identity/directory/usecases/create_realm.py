"""Create a realm with its sandbox and the department that owns its population."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.identity.directory.domain.errors import DepartmentNameInvalid, RealmExists
from services.identity.directory.domain.realm import PRODUCTION, SANDBOX, Realm, RealmTenant
from services.identity.directory.usecases.departments import AddDepartment, DepartmentTx, new_department
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


CREATED = "realm-created"


@dataclass(frozen=True, slots=True)
class CreateRealm:
    """realm_id: also the tenant id of its population.

    department: the name of the department that owns the population. tenant: that department's tenant id; None makes
    a new one.
    """

    realm_id: str
    name: str
    department: str
    tenant: str | None = None


def create_realm(tx: DepartmentTx, command: CreateRealm, context: CallContext) -> Realm:
    """Raises RealmExists, TenantTaken, DepartmentNameInvalid."""
    if tx.realms.get(command.realm_id) is not None:
        raise RealmExists(Bilingual(
            f"realm '{command.realm_id}' exists; another id is allowed",
            f"平台域“{command.realm_id}”已存在；请使用其他编号"))
    name = clean_name(command.name, error=DepartmentNameInvalid)
    realm = Realm(command.realm_id, name, f"{command.realm_id}-sandbox", tx.clock.now())
    tx.realms.add(realm)
    tx.realms.enter(RealmTenant(realm.realm_id, realm.realm_id, PRODUCTION))
    tx.realms.enter(RealmTenant(realm.sandbox_tenant, realm.realm_id, SANDBOX))
    owner = new_department(tx, realm, AddDepartment(command.department, tenant=command.tenant), context)
    realm = replace(realm, department_id=owner.department_id)
    tx.realms.save(realm)
    tx.record_evidence(context, owner=realm.realm_id, action=CREATED, about=realm.realm_id, details={
        "name": name, "sandbox_tenant": realm.sandbox_tenant, "department_id": realm.department_id})
    return realm
