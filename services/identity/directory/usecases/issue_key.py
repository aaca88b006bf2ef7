"""Issue keys of apps. The reply is the only place where a key is ever shown."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import AppKey, broker_hash, key_hash, new_key, require_room
from services.identity.directory.domain.errors import ProductionNotApproved
from services.identity.directory.domain.ports import HasApps, HasRealms, RecordsChanges
from services.identity.directory.domain.realm import PRODUCTION
from services.identity.directory.usecases import views
from services.identity.directory.usecases.managed_app import managed_app, refuse_from_sandbox
from services.identity.directory.usecases.records import record_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

KEY_ISSUED = "key-issued"


class StoreKeyTx(RecordsChanges, HasApps, Protocol):
    """The transaction of storing a key."""


class IssueKeyTx(StoreKeyTx, HasRealms, Protocol):
    """The transaction of issuing a key."""


@dataclass(frozen=True, slots=True)
class IssueAppKey:
    app: str
    environment: str


def issue_app_key(tx: IssueKeyTx, command: IssueAppKey, context: CallContext) -> views.IssuedKeyView:
    """Raises AppNotFound, AppNotActive, ProductionNotApproved, TooManyKeys, SelfServiceNotAllowed."""
    _, app = managed_app(tx, command.app, context, lock=True)
    if command.environment == PRODUCTION:
        refuse_from_sandbox(tx, context)
    if app.require_active().access_in(command.environment) is None:
        raise ProductionNotApproved(Bilingual(
            f"app '{app.app}' has production '{app.production}'; 'approved' is needed first",
            f"应用“{app.app}”尚未获准开通生产环境；须先经审批"))
    require_room(tx.apps.keys([app.app])[app.app], command.environment)
    changed = app.touched()
    tx.apps.save(changed)
    return issued_key(tx, changed, command.environment, context)


def issued_key(tx: StoreKeyTx, app: App, environment: str, context: CallContext) -> views.IssuedKeyView:
    """Make and store a key of an app whose new revision is stored already."""
    key = new_key(environment)
    stored = AppKey(new_id("key"), app.realm_id, app.app, environment, key_hash(key), tx.clock.now(),
        broker_hash=broker_hash(key))
    tx.apps.add_key(stored)
    if app.revision > 1:
        record_app(tx, app, KEY_ISSUED, context, key_id=stored.key_id, environment=environment)
    return views.IssuedKeyView(app.app, environment, stored.key_id, key)
