"""Self-service: which apps a caller manages."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.app import OFFICER_CONSOLE, App, app_of_caller
from services.identity.directory.domain.errors import AppNotFound, SelfServiceNotAllowed
from services.identity.directory.domain.ports import HasApps, HasRealms
from services.identity.directory.domain.realm import SANDBOX, Realm
from services.identity.directory.usecases.lookups import realm_of
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ManagedAppTx(HasRealms, HasApps, Protocol):
    """The transaction of finding a managed app."""


def managed_app(tx: ManagedAppTx, name: str, context: CallContext, *, lock: bool) -> tuple[Realm, App]:
    """An app that the caller manages: operators all of the realm, an officer's console its department's, an app itself.

    Raises AppNotFound, RealmNotFound.
    """
    realm = realm_of(tx, context)
    # A caller's own app is read first: another app is not even locked for a caller that may not manage it.
    if is_app(context.caller) and name != app_of_caller(context.caller):
        console = calling_console(tx, realm, context)
        wanted = tx.apps.get(realm.realm_id, name)
        if console is None or wanted is None or wanted.department_id != console.department_id:
            raise AppNotFound
    app = tx.apps.lock(realm.realm_id, name) if lock else tx.apps.get(realm.realm_id, name)
    if app is None:
        raise AppNotFound
    return realm, app


def calling_console(tx: ManagedAppTx, realm: Realm, context: CallContext) -> App | None:
    """The caller, when it is an active officers' console."""
    app = tx.apps.get(realm.realm_id, app_of_caller(context.caller))
    return app if app is not None and app.kind == OFFICER_CONSOLE and app.require_active() else None


def refuse_from_sandbox(tx: HasRealms, context: CallContext) -> None:
    """Raises SelfServiceNotAllowed for a caller of the sandbox: its key opens nothing else."""
    entry = tx.realms.entry(context.tenant)
    if is_app(context.caller) and entry is not None and entry.environment == SANDBOX:
        raise SelfServiceNotAllowed(Bilingual(
            f"'{context.caller}' calls from the sandbox; a key of production is allowed for this",
            f"“{context.caller}”来自沙箱环境；此操作须使用生产密钥"))


def refuse_production_from_sandbox(tx: HasRealms, app: App, context: CallContext) -> None:
    """Refuse to change, from the sandbox, an app that has production: its title and next request count there.

    Raises SelfServiceNotAllowed.
    """
    if app.approved is not None:
        refuse_from_sandbox(tx, context)
