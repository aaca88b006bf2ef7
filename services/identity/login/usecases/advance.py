"""Take a login to its next step, and end it: a session, a new secret for the browser, and the way back to the app."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain.ports import HasCredentials
from services.identity.directory.domain.ports import HasDepartments, HasMemberships, HasRealms
from services.identity.login.domain import steps
from services.identity.login.domain.interaction import DONE, Interaction, browser_hash
from services.identity.login.domain.ports import BrowserSession, HasBrowsers, HasInteractions
from services.identity.login.usecases.finishing import way_back
from services.identity.login.usecases.shown import shown
from services.identity.login.usecases.sign_in import Provider
from services.identity.login.usecases.standing import Reached, reached_by
from services.identity.login.usecases.views import StepView
from services.identity.mandates.domain.ports import HasMandates
from services.identity.openid.domain.ports import HasClients, HasCodes, HasConsents, HasRequests
from services.identity.sessions.domain.ports import HasGrants, HasSessions, HasTokenPolicy
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.end_session import end_session
from services.identity.sessions.usecases.open_session import OpenSession, StepUp, open_session, step_up
from services.identity.subjects.domain.ports import HasPolicy, HasPopulations, HasSubjects
from shared_components.kernel.acting import CITIZEN, OFFICER
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SECRET_BYTES = 32
FIRST = 1
"""Revision of a login whose person was asked nothing."""
ANOTHER_LOGIN = "another-login"


class AdvanceTx(
    EvidenceTx, HasBrowsers, HasClients, HasClock, HasCodes, HasConsents, HasCredentials, HasDepartments,
    HasGrants, HasInteractions, HasMandates, HasMemberships, HasPolicy, HasPopulations, HasRealms, HasRequests,
    HasSessions, HasSubjects, HasTokenPolicy, Protocol,
):
    """The transaction of a login's step, or of a page of the account. Use cases of earlier topics take a part of it."""


def advance(
    tx: AdvanceTx, interaction: Interaction, context: CallContext, *, providers: Sequence[Provider] = (),
) -> StepView:
    """Store the login at its next step, or end it."""
    reached = reached_by(tx, interaction)
    step = steps.next_step(reached.standing)
    if step == steps.DONE:
        return _finish(tx, interaction, reached, context)
    at_step = stay(tx, interaction, step)
    return shown(tx, at_step, context.locale, providers=providers)


def stay(tx: HasInteractions, interaction: Interaction, step: str) -> Interaction:
    """Store the login at this step."""
    if step == steps.IDENTIFIER and interaction.progress.subject_id is not None:
        # Who was known is not any more: the session ended, or the person was frozen.
        interaction = interaction.begun_anew()
    changed = interaction.at(step).saved()
    tx.interactions.save(changed)
    return changed


def _finish(tx: AdvanceTx, interaction: Interaction, reached: Reached, context: CallContext) -> StepView:
    session, secret = _session(tx, interaction, reached, context), None
    if interaction.revision > FIRST:
        # The person has signed in, levelled up or chosen: a secret that somebody has seen before has no part in that.
        secret = _new_secret(tx, interaction, session, context)
    location = way_back(tx, interaction, session, reached.mandate, context)
    tx.interactions.save(interaction.ended(DONE).saved())
    return StepView(interaction.interaction_id, steps.DONE, location=location, new_browser=secret)


def _session(tx: AdvanceTx, interaction: Interaction, reached: Reached, context: CallContext) -> Session:
    """The browser's session, raised where something was proved; else a new one."""
    progress = interaction.progress
    if reached.session is not None:
        if not progress.proofs:
            return reached.session
        return step_up(tx, StepUp(reached.session.session_id, progress.amr), context)
    kind = OFFICER if interaction.wanted.is_officer else CITIZEN
    membership = progress.membership_id if kind == OFFICER else None
    return open_session(tx, OpenSession(
        interaction.tenant, progress.subject_id or "", kind, progress.amr, membership_id=membership), context)


def _new_secret(tx: AdvanceTx, interaction: Interaction, session: Session, context: CallContext) -> str:
    """Know the browser by a new secret: whoever knew the old one, or planted it, has no part in the session."""
    before = tx.browsers.find(interaction.browser_hash, session.kind)
    if before is not None and before.session_id != session.session_id:
        end_session(tx, before.session_id, ANOTHER_LOGIN, context)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tx.browsers.move(interaction.browser_hash, browser_hash(secret))
    tx.browsers.put(
        browser_hash(secret), session.kind, BrowserSession(session.realm_id, session.session_id), until=session.ends_at)
    return secret
