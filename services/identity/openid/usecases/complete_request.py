"""End an authorization request: with a code for the client, or with a refusal."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from services.identity.openid.domain import states
from services.identity.openid.domain.answer import authorization_response
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.code import LIFETIME, AuthorizationCode, code_hash, new_code
from services.identity.openid.domain.errors import AuthorizationRequestOver, LoginNotEnough
from services.identity.openid.domain.oauth_errors import ACCESS_DENIED, REFUSALS
from services.identity.openid.domain.ports import HasClients, HasCodes, HasRequests
from services.identity.openid.domain.request import AuthorizationRequest, needs_login
from services.identity.openid.usecases.consents import RecordConsentTx, consent_needed, record_consent
from services.identity.sessions.domain.grant import ActsFor
from services.identity.sessions.domain.ports import HasTokenPolicy
from services.identity.sessions.domain.session import Session
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CODE_GIVEN = "authorization.given"
DESCRIPTIONS = {
    ACCESS_DENIED: "the person has refused", "login_required": "the person has to log in",
    "consent_required": "the person has to consent", "interaction_required": "the person has to answer on a page",
    "unmet_authentication_requirements": "the person cannot reach the level that is asked for",
}


class OpenRequestTx(HasClock, HasClients, HasRequests, Protocol):
    """The transaction of reading a request."""


class CompleteTx(RecordConsentTx, OpenRequestTx, HasCodes, HasTokenPolicy, EvidenceTx, Protocol):
    """The transaction of giving a code."""


class RefuseTx(OpenRequestTx, HasTokenPolicy, Protocol):
    """The transaction of refusing a request."""


def open_request(tx: OpenRequestTx, request_id: str) -> tuple[AuthorizationRequest, Client]:
    """A request that a login may go on with, and its client. Raises AuthorizationRequestOver."""
    return _opened(tx, tx.authorization_requests.get(request_id))


def complete_authorization(
    tx: CompleteTx, request_id: str, session: Session, *, acts_for: ActsFor | None = None,
    consent: Collection[str] = (), context: CallContext | None = None,
) -> str:
    """The address to which the browser is sent, with a code.

    session: of the person who has logged in. acts_for: for whom the person acts, under a mandate in force.
    consent: scopes to which the person has consented on the page just now; earlier consents count besides.
    Raises AuthorizationRequestOver, LoginNotEnough. A person who lets the app see nothing has refused.
    """
    request, client = _opened(tx, tx.authorization_requests.lock(request_id))
    _require_enough(tx, request, client, session)
    holder = session.subject_id if acts_for is None else acts_for.principal_id
    # The approval may have gone since the login began.
    asked = client.approved(request.asked.scopes)
    if session.is_citizens:
        record_consent(tx, client, holder, asked.intersection(consent), given_by=session.subject_id, context=context)
    granted = asked - consent_needed(tx, client, holder, asked) if session.is_citizens else asked
    if request.asked.scopes and not granted:
        return _ended(tx, request, ACCESS_DENIED)
    mandate_id = None if acts_for is None else acts_for.mandate.mandate_id
    code = _code(tx, request, session, granted, mandate_id)
    tx.authorization_requests.save(request.in_state(states.COMPLETED))
    tx.record_evidence(
        context, owner=request.realm_id, action=CODE_GIVEN, about=session.session_id, basis="platform",
        details={"app": client.client_id, "scopes": sorted(granted), "mandate_id": mandate_id})
    return authorization_response(
        request.asked.redirect_uri, {"code": code, "state": request.asked.state}, issuer=tx.tokens.issuer)


def refuse_authorization(tx: RefuseTx, request_id: str, error: str) -> str:
    """The address to which the browser is sent, with an error of OAuth. Raises AuthorizationRequestOver."""
    if error not in REFUSALS:
        raise ValueError(f"error is '{error}'; one of {sorted(REFUSALS)} is allowed")
    request, _ = _opened(tx, tx.authorization_requests.lock(request_id))
    return _ended(tx, request, error)


def _opened(tx: OpenRequestTx, request: AuthorizationRequest | None) -> tuple[AuthorizationRequest, Client]:
    if request is None:
        raise AuthorizationRequestOver
    client = tx.clients.find(request.require_open(tx.clock.now()).client_id)
    # The app may have been closed since, or its addresses changed.
    if client is None or not client.takes(request.asked.redirect_uri):
        raise AuthorizationRequestOver
    return request, client


def _ended(tx: RefuseTx, request: AuthorizationRequest, error: str) -> str:
    tx.authorization_requests.save(request.in_state(states.REFUSED))
    return authorization_response(request.asked.redirect_uri, {
        "error": error, "error_description": DESCRIPTIONS.get(error), "state": request.asked.state,
    }, issuer=tx.tokens.issuer)


def _require_enough(tx: HasClock, request: AuthorizationRequest, client: Client, session: Session) -> None:
    now, asked = tx.clock.now(), request.asked
    if session.realm_id != request.realm_id or not session.is_live(now):
        raise _not_enough("login")
    if needs_login(request, session.auth_time, now):
        raise _not_enough("login")
    if asked.hinted_subject not in (None, session.subject_id) or client.is_console == session.is_citizens:
        raise _not_enough("account")
    if session.level < asked.min_level:
        raise _not_enough("level")


def _code(
    tx: CompleteTx, request: AuthorizationRequest, session: Session, granted: frozenset[str], mandate_id: str | None,
) -> str:
    now, code = tx.clock.now(), new_code()
    tx.codes.add(AuthorizationCode(
        code_hash=code_hash(code), client_id=request.client_id, realm_id=request.realm_id,
        redirect_uri=request.asked.redirect_uri, code_challenge=request.asked.code_challenge,
        session_id=session.session_id, subject_id=session.subject_id, scopes=granted, nonce=request.asked.nonce,
        mandate_id=mandate_id, created_at=now, expires_at=now + LIFETIME))
    return code


def _not_enough(needed: str) -> LoginNotEnough:
    told = {
        "login": Bilingual("the app asks for a new login", "应用要求重新登录"),
        "account": Bilingual("the app asks for another account", "应用要求使用另一账户登录"),
        "level": Bilingual("the app asks for a higher level", "应用要求更高的认证等级"),
    }
    return LoginNotEnough(told[needed], details={"needed": needed})
