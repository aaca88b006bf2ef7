"""Begin a login: for an app's authorization request, or for a page of the account."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from services.identity.login.domain import steps
from services.identity.login.domain.errors import LoginOver, LoginTargetUnknown
from services.identity.login.domain.interaction import LIFETIME, REFUSED, Interaction, Wanted, browser_hash
from services.identity.login.usecases.advance import AdvanceTx, advance
from services.identity.login.usecases.commands import BeginLogin
from services.identity.login.usecases.finishing import way_out
from services.identity.login.usecases.sign_in import Provider
from services.identity.login.usecases.standing import reached_by
from services.identity.login.usecases.views import StepView
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.request import PROMPT_CONSENT, PROMPT_SELECT, AuthorizationRequest, needs_login
from services.identity.openid.usecases.complete_request import open_request
from services.identity.sessions.domain.session import Session
from shared_components.kernel.acting import CITIZEN, OFFICER
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SILENT_ERRORS = {
    steps.IDENTIFIER: "login_required", steps.CONSENT: "consent_required",
    steps.STEP_UP: "unmet_authentication_requirements",
}
PAGE_LEVELS = {"mandates": 2, "requests": 3}
"""Page of the account → the least assurance level of its reader."""
FRESH = timedelta(minutes=5)
INTERACTION_REQUIRED = "interaction_required"
LANGUAGES = ("zh", "en")


class LoginTransactions(Protocol):
    """Opens transactions of the login."""

    def begin(self, tenant: str | None = None) -> AbstractContextManager[AdvanceTx]:
        """Without a tenant it sees the rows of all."""
        ...

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[AdvanceTx]: ...


def begin_login(
    transactions: LoginTransactions, command: BeginLogin, context: CallContext, *, providers: Sequence[Provider],
) -> StepView:
    """The first step, or the way back where nothing has to be asked.

    Raises LoginTargetUnknown, LoginOver, AuthorizationRequestOver.
    """
    if command.browser is None or (command.request_id is None) == (command.target is None):
        raise LoginTargetUnknown
    with transactions.begin() as tx:
        # An app's request says which population signs in; the account's pages belong to the platform's own realm.
        interaction, request = _made(tx, command, context)
    with transactions.begin_for(interaction.tenants) as tx:
        interaction = _with_session(tx, interaction, request, command)
        tx.interactions.add(interaction)
        if request is not None and request.asked.is_silent:
            return _silently(tx, interaction, context)
        return advance(tx, interaction, context, providers=providers)


def _made(
    tx: AdvanceTx, command: BeginLogin, context: CallContext,
) -> tuple[Interaction, AuthorizationRequest | None]:
    now, request = tx.clock.now(), None
    wanted = Wanted(level=PAGE_LEVELS.get(command.target or "", 0))
    tenant, ends_at = _population(tx, command, context), now + LIFETIME
    if command.request_id is not None:
        if tx.interactions.of_request(command.request_id) is not None:
            # One request is one login in one browser: a second one might be of somebody who was sent its address.
            raise LoginOver
        request, client = open_request(tx, command.request_id)
        wanted, tenant, ends_at = _wanted(tx, request, client), request.realm_id, request.expires_at
    entry = tx.realms.entry(tenant)
    return Interaction(
        new_id("lgn"), tenant, entry.realm_id if entry else tenant, browser_hash(command.browser or ""),
        command.request_id, command.target, wanted, now, ends_at), request


def _population(tx: AdvanceTx, command: BeginLogin, context: CallContext) -> str:
    """The population of the account that the browser has, also where it must sign in anew; else the platform's own."""
    has = tx.browsers.find(browser_hash(command.browser or ""), CITIZEN)
    return tx.populations.of([context.tenant])[context.tenant] if has is None else has.tenant


def _wanted(tx: AdvanceTx, request: AuthorizationRequest, client: Client) -> Wanted:
    asked, app = request.asked, client.app
    department = tx.departments.get(app.realm_id, app.department_id)
    asked_languages = (locale[:2].lower() for locale in asked.ui_locales)
    return Wanted(
        app=client.client_id, title=app.title, owner=department.name if department else None,
        department_id=app.department_id, is_officer=client.is_console, scopes=tuple(sorted(asked.scopes)),
        level=asked.min_level, ask_consent=PROMPT_CONSENT in asked.prompt, hint=asked.login_hint,
        language=next((each for each in asked_languages if each in LANGUAGES), None), redirect_uri=asked.redirect_uri)


def _with_session(
    tx: AdvanceTx, interaction: Interaction, request: AuthorizationRequest | None, command: BeginLogin,
) -> Interaction:
    """The login as the browser's own session lets it begin: where a session counts, nobody signs in again."""
    session, now = browser_session(tx, interaction), tx.clock.now()
    if session is None or session.realm_id != interaction.tenant:
        return interaction
    if request is not None and (
            PROMPT_SELECT in request.asked.prompt or needs_login(request, session.auth_time, now)
            or request.asked.hinted_subject not in (None, session.subject_id)):
        return interaction
    if command.fresh and now - session.auth_time > FRESH:
        return interaction
    known = interaction.continuing(session.session_id, session.subject_id)
    return known if session.membership is None else known.in_post(session.membership)


def browser_session(tx: AdvanceTx, interaction: Interaction) -> Session | None:
    """The live session of the browser, of the kind that the login is for."""
    kind = OFFICER if interaction.wanted.is_officer else CITIZEN
    has = tx.browsers.find(interaction.browser_hash, kind)
    session = None if has is None else tx.sessions.get(has.session_id)
    return session if session is not None and session.is_live(tx.clock.now()) else None


def _silently(tx: AdvanceTx, interaction: Interaction, context: CallContext) -> StepView:
    """No page may be shown: go back with what there is, or with the error of OpenID that says what lacks."""
    step = steps.next_step(reached_by(tx, interaction).standing)
    if step == steps.DONE:
        return advance(tx, interaction, context)
    location = way_out(tx, interaction, SILENT_ERRORS.get(step, INTERACTION_REQUIRED))
    tx.interactions.save(interaction.ended(REFUSED).saved())
    return StepView(interaction.interaction_id, steps.DONE, location=location)


