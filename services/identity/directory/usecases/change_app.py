"""Change an app's title and draft: what its sandbox keys open, and what a request for production asks for."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.identity.directory.domain.access import CONFIDENTIAL
from services.identity.directory.domain.errors import AppTitleInvalid
from services.identity.directory.domain.ports import HasApps, HasRealms, RecordsChanges
from services.identity.directory.usecases import views
from services.identity.directory.usecases.draft import draft_of
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
    post_logout_redirect_uris: Sequence[str] = ()
    client_type: str = CONFIDENTIAL
    jwks: Mapping[str, Any] | None = None
    sensitive_scopes: Sequence[str] = ()


def change_app(tx: ChangeAppTx, command: ChangeApp, context: CallContext) -> views.AppView:
    """Raises AppNotFound, AppNotActive, SelfServiceNotAllowed, ProductionRequested, AppTitleInvalid,
    ClientInvalid."""
    _, app = managed_app(tx, command.app, context, lock=True)
    refuse_production_from_sandbox(tx, app, context)
    draft = draft_of(command)
    changed = app.changed(clean_name(command.title, field="title", error=AppTitleInvalid), draft)
    tx.apps.save(changed)
    record_app(
        tx, changed, CHANGED, context, scopes=list(draft.scopes), redirect_uris=list(draft.redirect_uris),
        post_logout_redirect_uris=list(draft.post_logout_redirect_uris), client_type=draft.client_type,
        sensitive_scopes=list(draft.sensitive_scopes),
        kids=[str(key.get("kid")) for key in (draft.jwks or {}).get("keys", ())])
    return views.app(changed, tx.apps.keys([app.app])[app.app])
