"""Register an app: it has a sandbox key at once."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from services.identity.directory.domain.access import CONFIDENTIAL
from services.identity.directory.domain.app import DEPARTMENT_APP, PORTAL, App, caller_name, require_app_name
from services.identity.directory.domain.errors import AppNameTaken, AppTitleInvalid, SelfServiceNotAllowed
from services.identity.directory.domain.ports import (
    HasApps,
    HasConfiguredApps,
    HasDepartments,
    HasRealms,
    RecordsChanges,
)
from services.identity.directory.domain.realm import ENVIRONMENTS, SANDBOX, Realm
from services.identity.directory.usecases import views
from services.identity.directory.usecases.draft import draft_of
from services.identity.directory.usecases.issue_key import issued_key
from services.identity.directory.usecases.lookups import department_of, realm_of
from services.identity.directory.usecases.managed_app import calling_console, refuse_from_sandbox
from services.identity.directory.usecases.records import record_app
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

REGISTERED = "app-registered"


class RegisterAppTx(RecordsChanges, HasRealms, HasDepartments, HasApps, HasConfiguredApps, Protocol):
    """The transaction of registering an app."""


@dataclass(frozen=True, slots=True)
class RegisterApp:
    """department_id: None is the calling console's own department."""

    app: str
    title: str
    department_id: str | None = None
    kind: str = DEPARTMENT_APP
    scopes: Sequence[str] = ("*",)
    in_flight: int | None = None
    calls_per_s: int | None = None
    redirect_uris: Sequence[str] = field(default=())
    post_logout_redirect_uris: Sequence[str] = field(default=())
    client_type: str = CONFIDENTIAL
    jwks: Mapping[str, Any] | None = None
    sensitive_scopes: Sequence[str] = field(default=())


def register_app(tx: RegisterAppTx, command: RegisterApp, context: CallContext) -> views.IssuedKeyView:
    """Raises RealmNotFound, DepartmentNotFound, DepartmentNotActive, SelfServiceNotAllowed, AppNameTaken,
    AppTitleInvalid, AppNotActive, ClientInvalid."""
    realm = realm_of(tx, context)
    refuse_from_sandbox(tx, context)
    _refuse_for_the_realm(command, context)
    if {caller_name(command.app, environment) for environment in ENVIRONMENTS} & set(tx.configured_apps):
        raise AppNameTaken(Bilingual(
            f"app '{command.app}' is named in the platform's configuration; import it, or take another name",
            f"应用名称“{command.app}”已在平台配置中使用；请导入该应用，或更换名称"))
    # The realm is locked: the department is neither closed nor merged at the same time.
    tx.realms.lock(realm.realm_id)
    department = department_of(tx, realm, _department_id(tx, realm, command, context)).require_active()
    app = App(
        app=require_app_name(command.app), realm_id=realm.realm_id, department_id=department.department_id,
        tenant=department.tenant, sandbox_tenant=department.sandbox_tenant, kind=command.kind,
        title=clean_name(command.title, field="title", error=AppTitleInvalid), created_at=tx.clock.now(),
        draft=draft_of(command))
    tx.apps.add(app)
    record_app(tx, app, REGISTERED, context, department_id=app.department_id, kind=app.kind)
    return issued_key(tx, app, SANDBOX, context)


def _refuse_for_the_realm(command: RegisterApp, context: CallContext) -> None:
    """Raises SelfServiceNotAllowed: a portal is an entrance to all departments, and its kind counts at once."""
    if is_app(context.caller) and command.kind == PORTAL:
        raise SelfServiceNotAllowed(Bilingual(
            f"kind is '{PORTAL}', registered by '{context.caller}'; a department's console registers other kinds, "
            "the realm registers portals",
            f"kind 为“{PORTAL}”，由“{context.caller}”登记；部门工作人员端只能登记其他类型，门户应用由平台域登记"))


def _department_id(tx: RegisterAppTx, realm: Realm, command: RegisterApp, context: CallContext) -> str:
    if not is_app(context.caller):
        return command.department_id or ""
    console = calling_console(tx, realm, context)
    if console is None or command.department_id not in (None, console.department_id):
        raise SelfServiceNotAllowed(Bilingual(
            f"'{context.caller}' registers an app; an officers' console may, for its own department",
            f"“{context.caller}”登记应用；仅工作人员端应用可为本部门登记"))
    return console.department_id
