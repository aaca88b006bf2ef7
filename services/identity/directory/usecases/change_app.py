"""Change an app's title and draft: what its sandbox keys open, and what a request for production asks for."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.directory.domain.app import Access
from services.identity.directory.domain.errors import AppTitleInvalid
from services.identity.directory.domain.ports import HasApps, HasRealms, RecordsChanges
from services.identity.directory.usecases import views
from services.identity.directory.usecases.managed_app import managed_app, refuse_production_from_sandbox
from services.identity.directory.usecases.records import record_app
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CHANGED = "app-changed"


class ChangeAppTx(RecordsChanges, HasRealms, HasApps, Protocol):
    """The transaction of changing an app."""


@dataclass(frozen=True, slots=True)
class ChangeApp:
    app: str
    title: str
    scopes: Sequence[str]
    in_flight: int | None = None
    calls_per_s: int | None = None
    redirect_uris: Sequence[str] = ()


def change_app(tx: ChangeAppTx, command: ChangeApp, context: CallContext) -> views.AppView:
    """Raises AppNotFound, AppNotActive, SelfServiceNotAllowed, ProductionRequested, AppTitleInvalid."""
    _, app = managed_app(tx, command.app, context, lock=True)
    refuse_production_from_sandbox(tx, app, context)
    draft = Access(tuple(command.scopes), command.in_flight, command.calls_per_s, tuple(command.redirect_uris))
    changed = app.changed(clean_name(command.title, field="title", error=AppTitleInvalid), draft)
    tx.apps.save(changed)
    record_app(tx, changed, CHANGED, context, scopes=list(draft.scopes), redirect_uris=list(draft.redirect_uris))
    return views.app(changed, tx.apps.keys([app.app])[app.app])
