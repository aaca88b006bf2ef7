"""Revoke keys of apps."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.errors import AppKeyNotFound
from services.identity.directory.domain.ports import HasApps, HasRealms, RecordsChanges
from services.identity.directory.domain.realm import PRODUCTION
from services.identity.directory.usecases import views
from services.identity.directory.usecases.managed_app import managed_app, refuse_from_sandbox
from services.identity.directory.usecases.records import record_app

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

KEY_REVOKED = "key-revoked"


class RevokeKeyTx(RecordsChanges, HasRealms, HasApps, Protocol):
    """The transaction of revoking a key."""


@dataclass(frozen=True, slots=True)
class RevokeAppKey:
    app: str
    key_id: str


def revoke_app_key(tx: RevokeKeyTx, command: RevokeAppKey, context: CallContext) -> views.AppView:
    """Raises AppNotFound, AppKeyNotFound, SelfServiceNotAllowed, IllegalTransition when it is revoked already."""
    _, app = managed_app(tx, command.app, context, lock=True)
    keys = tx.apps.keys([app.app])[app.app]
    key = next((each for each in keys if each.key_id == command.key_id), None)
    if key is None:
        raise AppKeyNotFound
    if key.environment == PRODUCTION:
        refuse_from_sandbox(tx, context)
    revoked = key.revoked(tx.clock.now())
    tx.apps.save_key(revoked)
    changed = app.touched()
    tx.apps.save(changed)
    record_app(tx, changed, KEY_REVOKED, context, key_id=key.key_id, environment=key.environment)
    return views.app(changed, [revoked if each is key else each for each in keys])
