"""Grant `authorization_code`: a code is good once; a second use revokes what the first gave.

Source: RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 9700 section 2.1.1
"""
from __future__ import annotations

from typing import Protocol

from services.identity.openid.domain import states
from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.code import LONGEST_CODE, AuthorizationCode, code_hash
from services.identity.openid.domain.oauth_errors import INVALID_GRANT, OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasCodes, HasLiveMandates
from services.identity.openid.domain.scopes import OPENID
from services.identity.openid.usecases.token_reply import TokenReplyTx, id_token, token_reply
from services.identity.sessions.domain import reasons
from services.identity.sessions.domain.errors import SessionOver
from services.identity.sessions.domain.grant import ActsFor
from services.identity.sessions.domain.states import ACTIVE
from services.identity.sessions.usecases.end_session import RevokeGrantsTx, revoke_these
from services.identity.sessions.usecases.issue_tokens import IssueTokens, IssueTokensTx, issue_tokens


class CodeTx(TokenReplyTx, IssueTokensTx, RevokeGrantsTx, HasCodes, HasLiveMandates, Protocol):
    """The transaction of changing a code into tokens."""


def by_code(tx: CodeTx, client: Client, parameters: Parameters) -> Answer:
    """Raises OAuthRefused, with one description for every reason that lies in the code.

    The transaction is to be committed in any case: a refusal uses the code up, and a second use revokes.
    """
    given = parameters.required("code")
    code = tx.codes.lock(code_hash(given)) if len(given) <= LONGEST_CODE else None
    if code is None or code.client_id != client.client_id:
        raise _refused()
    if code.state != states.ACTIVE:
        _revoke(tx, code)
        raise _refused()
    now = tx.clock.now()
    if not code.is_for(redirect_uri=parameters.get("redirect_uri"), verifier=parameters.get("code_verifier"), at=now):
        tx.codes.save(code.used(now))
        raise _refused()
    return _exchanged(tx, client, code)


def _exchanged(tx: CodeTx, client: Client, code: AuthorizationCode) -> Answer:
    now = tx.clock.now()
    session = tx.sessions.get(code.session_id)
    acts_for = _acts_for(tx, code)
    if session is None or not session.is_live(now):
        tx.codes.save(code.used(now))
        raise _refused()
    try:
        tokens = issue_tokens(tx, IssueTokens(session, client.client_id, code.scopes, acts_for))
    except SessionOver:
        tx.codes.save(code.used(now))
        raise _refused() from None
    tx.codes.save(code.used(now, grant_id=tokens.grant_id))
    proof = None
    if OPENID in code.scopes:
        proof = id_token(tx, client, session, tokens, nonce=code.nonce, acts_for=acts_for)
    return token_reply(tokens, id_token=proof)


def _acts_for(tx: CodeTx, code: AuthorizationCode) -> ActsFor | None:
    """The mandate that was chosen, as far as it is still in force. Raises OAuthRefused."""
    if code.mandate_id is None:
        return None
    acts_for = tx.live_mandates.acts_for(code.mandate_id, code.subject_id, code.scopes, at=tx.clock.now())
    if acts_for is None:
        tx.codes.save(code.used(tx.clock.now()))
        raise _refused()
    return acts_for


def _revoke(tx: CodeTx, code: AuthorizationCode) -> None:
    grant = None if code.grant_id is None else tx.grants.get(code.grant_id)
    if grant is not None and grant.state == ACTIVE:
        revoke_these(tx, [grant], reasons.TOKEN_REPLAYED, None)


def _refused() -> OAuthRefused:
    return OAuthRefused(INVALID_GRANT, "the code is not valid for this client, address and code_verifier now")
