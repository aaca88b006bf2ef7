"""Off-boarding: close an app, or freeze it for a time. A closed app has no key that opens."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain import states
from services.identity.directory.domain.app import App
from services.identity.directory.domain.ports import HasApps, HasRealms, RecordsChanges
from services.identity.directory.usecases import views
from services.identity.directory.usecases.managed_app import managed_app, refuse_from_sandbox
from services.identity.directory.usecases.records import record_app

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CLOSED, CLOSED_WITH_DEPARTMENT = "app-closed", "closed-with-department"
FROZEN, UNFROZEN = "app-frozen", "app-unfrozen"


class StoreAppTx(RecordsChanges, HasApps, Protocol):
    """The transaction of storing a changed app."""


class CloseAppTx(StoreAppTx, HasRealms, Protocol):
    """The transaction of closing an app."""


@dataclass(frozen=True, slots=True)
class ByApp:
    app: str


def close_app(tx: CloseAppTx, command: ByApp, context: CallContext) -> views.AppView:
    """Raises AppNotFound, SelfServiceNotAllowed, IllegalTransition."""
    _, app = managed_app(tx, command.app, context, lock=True)
    refuse_from_sandbox(tx, context)
    closed = closed_app(tx, app, CLOSED, context)
    return views.app(closed, tx.apps.keys([closed.app])[closed.app])


def freeze_app(tx: CloseAppTx, command: ByApp, context: CallContext, *, frozen: bool) -> views.AppView:
    """Freeze an app, or make it active again. Raises AppNotFound, IllegalTransition."""
    _, app = managed_app(tx, command.app, context, lock=True)
    changed = app.in_state(states.FROZEN if frozen else states.ACTIVE)
    tx.apps.save(changed)
    record_app(tx, changed, FROZEN if frozen else UNFROZEN, context)
    return views.app(changed, tx.apps.keys([changed.app])[changed.app])


def closed_app(tx: StoreAppTx, app: App, what: str, context: CallContext) -> App:
    """Store and record that an app is closed, with all of its keys revoked."""
    closed, now = app.in_state(states.CLOSED), tx.clock.now()
    for key in tx.apps.keys([app.app])[app.app]:
        if key.is_active:
            tx.apps.save_key(key.revoked(now))
    tx.apps.save(closed)
    record_app(tx, closed, what, context)
    return closed
