"""Import what the configuration files have: tenants become departments, apps of the gateway keep their keys' hashes."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from services.identity.directory.domain import states
from services.identity.directory.domain.access import Access
from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import RealmNotFound
from services.identity.directory.domain.realm import PRODUCTION, Realm
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.departments import AddDepartment, new_department
from services.identity.directory.usecases.records import record_app
from services.identity.directory.usecases.register_app import RegisterAppTx
from shared_components.kernel.errors import Conflict
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


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to import. run: what it does within a transaction."""

    thing: str
    name: str
    run: Callable[[RegisterAppTx], Imported]


def parts_of(configured: Configured, context: CallContext) -> Iterator[Part]:
    """The realm, then each department, then each app: parts in the order in which they need each other.

    Each part runs in a transaction of its own and may be repeated: an import that was stopped is run again.
    """
    yield Part("realm", configured.realm_id, lambda tx: _realm(tx, configured, context))
    for tenant in dict.fromkeys([*configured.tenants, *(app.tenant for app in configured.apps)]):
        yield Part("department", tenant, partial(_department, tenant=tenant, configured=configured, context=context))
    for app in configured.apps:
        yield Part("app", app.app, partial(_app, app=app, configured=configured, context=context))


def import_part(begin: Callable[[], AbstractContextManager[RegisterAppTx]], part: Part) -> Imported:
    """Run one part in a transaction; one that conflicts with what is there is refused, and the others go on."""
    try:
        with begin() as tx:
            return part.run(tx)
    except Conflict as refused:
        return Imported(part.thing, part.name, REFUSED, str(refused))


def _realm(tx: RegisterAppTx, configured: Configured, context: CallContext) -> Imported:
    found = tx.realms.lock(configured.realm_id)
    if found is not None:
        return Imported("realm", found.realm_id, PRESENT)
    # The department that owns the population has the default tenant, as its apps had before.
    command = CreateRealm(configured.realm_id, configured.realm_name, configured.realm_name, configured.realm_id)
    return Imported("realm", create_realm(tx, command, context).realm_id, CREATED)


def _department(tx: RegisterAppTx, *, tenant: str, configured: Configured, context: CallContext) -> Imported:
    realm = _locked(tx, configured)
    entry = tx.realms.entry(tenant)
    if entry is not None and entry.realm_id != realm.realm_id:
        return Imported("department", tenant, REFUSED, f"the tenant id belongs to realm {entry.realm_id}")
    if tx.departments.owner_of(realm.realm_id, tenant) is not None:
        return Imported("department", tenant, PRESENT)
    new_department(tx, realm, AddDepartment(tenant, tenant=tenant), context)
    return Imported("department", tenant, ADDED, "rename it")


def _app(tx: RegisterAppTx, *, app: ConfiguredApp, configured: Configured, context: CallContext) -> Imported:
    realm = _locked(tx, configured)
    found = tx.apps.lock(realm.realm_id, app.app)
    if found is not None:
        return _known_app(tx, found, app, context)
    owner = tx.departments.owner_of(realm.realm_id, app.tenant)
    department = None if owner is None else tx.departments.get(realm.realm_id, owner)
    if department is None or department.state != states.ACTIVE:
        return Imported("app", app.app, REFUSED, f"tenant {app.tenant} has no active department")
    return _new_app(tx, realm, app, department, context)


def _locked(tx: RegisterAppTx, configured: Configured) -> Realm:
    """The realm of the first part. Two imports at once wait for each other here. Raises RealmNotFound."""
    realm = tx.realms.lock(configured.realm_id)
    if realm is None:
        raise RealmNotFound
    return realm


def _known_app(tx: RegisterAppTx, found: App, configured: ConfiguredApp, context: CallContext) -> Imported:
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
