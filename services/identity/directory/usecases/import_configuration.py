"""Import what the configuration files have: tenants become departments, apps of the gateway keep their keys' hashes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.identity.directory.domain import states
from services.identity.directory.domain.app import Access, App
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.realm import PRODUCTION, Realm
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.departments import AddDepartment, new_department
from services.identity.directory.usecases.records import record_app
from services.identity.directory.usecases.register_app import RegisterAppTx
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

IMPORTED = "app-imported"
CREATED, ADDED, PRESENT, REFUSED = "created", "added", "present", "refused"


@dataclass(frozen=True, slots=True)
class ConfiguredApp:
    """keys_sha256: hashes of its keys; empty for an app that comes in by AMQP alone."""

    app: str
    tenant: str
    keys_sha256: Sequence[str] = ()
    scopes: Sequence[str] = ("*",)


@dataclass(frozen=True, slots=True)
class Configured:
    """tenants: all that the configuration names."""

    realm_id: str
    realm_name: str
    tenants: Sequence[str]
    apps: Sequence[ConfiguredApp]


@dataclass(frozen=True, slots=True)
class Imported:
    """result: created, added, present (left as it is) or refused."""

    thing: str
    name: str
    result: str
    remark: str | None = None


def import_configuration(tx: RegisterAppTx, configured: Configured, context: CallContext) -> list[Imported]:
    """Take over realm, departments and apps; what is there already stays. Each step may be repeated."""
    realm, outcome = _realm(tx, configured, context)
    outcomes = [outcome]
    for tenant in dict.fromkeys([*configured.tenants, *(app.tenant for app in configured.apps)]):
        outcomes.append(_department(tx, realm, tenant, context))
    for app in configured.apps:
        outcomes.append(_app(tx, realm, app, context))
    return outcomes


def _realm(tx: RegisterAppTx, configured: Configured, context: CallContext) -> tuple[Realm, Imported]:
    found = tx.realms.lock(configured.realm_id)
    if found is not None:
        return found, Imported("realm", found.realm_id, PRESENT)
    # The department that owns the population has the default tenant, as its apps had before.
    command = CreateRealm(configured.realm_id, configured.realm_name, configured.realm_name, configured.realm_id)
    return create_realm(tx, command, context), Imported("realm", configured.realm_id, CREATED)


def _department(tx: RegisterAppTx, realm: Realm, tenant: str, context: CallContext) -> Imported:
    entry = tx.realms.entry(tenant)
    if entry is not None and entry.realm_id != realm.realm_id:
        return Imported("department", tenant, REFUSED, f"the tenant id belongs to realm {entry.realm_id}")
    if tx.departments.owner_of(realm.realm_id, tenant) is not None:
        return Imported("department", tenant, PRESENT)
    new_department(tx, realm, AddDepartment(tenant, tenant=tenant), context)
    return Imported("department", tenant, ADDED, "rename it")


def _app(tx: RegisterAppTx, realm: Realm, configured: ConfiguredApp, context: CallContext) -> Imported:
    found = tx.apps.get(realm.realm_id, configured.app)
    if found is None:
        owner = tx.departments.owner_of(realm.realm_id, configured.tenant)
        department = None if owner is None else tx.departments.get(realm.realm_id, owner)
        if department is None or department.state != states.ACTIVE:
            return Imported("app", configured.app, REFUSED, f"tenant {configured.tenant} has no active department")
        return _new_app(tx, realm, configured, department, context)
    missing = _missing_keys(tx, found, configured)
    if not missing or found.state != states.ACTIVE:
        return Imported("app", configured.app, PRESENT)
    changed = found.touched()
    tx.apps.save(changed)
    _add_keys(tx, changed, missing)
    record_app(tx, changed, IMPORTED, context, keys=len(missing))
    return Imported("app", configured.app, ADDED, f"{len(missing)} keys")


def _new_app(
    tx: RegisterAppTx, realm: Realm, configured: ConfiguredApp, department: Department, context: CallContext,
) -> Imported:
    access = Access(tuple(configured.scopes))
    app = replace(
        App(app=configured.app, realm_id=realm.realm_id, department_id=department.department_id,
            tenant=configured.tenant, sandbox_tenant=department.sandbox_tenant, kind="department",
            title=configured.app, created_at=tx.clock.now()),
        draft=access, approved=access, production=states.APPROVED)
    tx.apps.add(app)
    _add_keys(tx, app, configured.keys_sha256)
    record_app(tx, app, IMPORTED, context, department_id=app.department_id, keys=len(configured.keys_sha256))
    return Imported("app", app.app, ADDED, f"{len(configured.keys_sha256)} keys")


def _missing_keys(tx: RegisterAppTx, app: App, configured: ConfiguredApp) -> list[str]:
    """Hashes that the app has never had: a key that was revoked in the directory does not come back."""
    known = {key.key_hash for key in tx.apps.keys([app.app])[app.app]}
    return [each for each in configured.keys_sha256 if each not in known]


def _add_keys(tx: RegisterAppTx, app: App, hashes: Sequence[str]) -> None:
    for each in hashes:
        tx.apps.add_key(AppKey(new_id("key"), app.realm_id, app.app, PRODUCTION, each, tx.clock.now()))
