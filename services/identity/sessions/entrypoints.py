"""Entrypoints of sessions: each calls one use case."""
from __future__ import annotations

import logging
from collections.abc import Sequence

from services.identity.sessions import schemas
from services.identity.sessions.domain import errors
from services.identity.sessions.domain.ports import SessionsTx, TokenVerdicts
from services.identity.sessions.usecases import views
from services.identity.sessions.usecases.forget import forget_endings, forget_sessions
from services.identity.sessions.usecases.introspect import IntrospectToken, introspect
from services.identity.sessions.usecases.keys import keep_keys
from services.identity.sessions.usecases.own_sessions import (
    EndOtherSessions,
    EndOwnSession,
    ListSessions,
    end_other_sessions,
    end_own_session,
    list_sessions,
)
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

log = logging.getLogger(__name__)

PERSONS = ["gateway", "app"]
KEYS_INTERVAL_S, FORGET_INTERVAL_S = 30.0, 300.0
MOST_FORGOTTEN = 500
OWN_SESSIONS: RuleArguments = {
    "basis": ["holder"], "resource": "session", "about": ["subject"], "roles": [], "level": 0,
    "as_subject": True, "discloses": True, "composable": False,
}
SHOWN_TOKENS: RuleArguments = {
    "basis": ["own"], "resource": "token", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class SessionEntrypoints:
    """Methods about a person's own sessions, and about tokens that apps were shown."""

    transactions: Transactions

    @rpc_method(
        request=schemas.ListSessions, reply=schemas.SessionPage, callers=PERSONS, public=True, **OWN_SESSIONS,
        zh="列出当前登录人的登录会话，最新的在前。")
    def list_sessions(self, tx: SessionsTx, call: Call[ListSessions]) -> PageView[views.SessionView]:
        """The acting person's sessions, newest first."""
        return list_sessions(tx, call.data, call.context)

    @rpc_method(
        request=schemas.EndSession, reply=schemas.SessionsEnded, errors=[errors.SessionNotFound], callers=PERSONS,
        mutating=True, public=True, **OWN_SESSIONS, zh="结束当前登录人的一个登录会话；应答后其令牌即告失效。")
    def end_session(self, tx: SessionsTx, call: Call[EndOwnSession]) -> views.EndedView:
        """End one of the acting person's sessions; its tokens count nowhere from the answer on."""
        return end_own_session(tx, call.data, call.context)

    @rpc_method(
        request=schemas.EndOtherSessions, reply=schemas.SessionsEnded, callers=PERSONS, mutating=True, public=True,
        **OWN_SESSIONS, zh="结束当前登录人除本会话外的全部登录会话。")
    def end_other_sessions(self, tx: SessionsTx, call: Call[EndOtherSessions]) -> views.EndedView:
        """End all of the acting person's sessions but that of this call."""
        return end_other_sessions(tx, call.data, call.context)

    @rpc_method(
        request=schemas.IntrospectToken, reply=schemas.Token, callers=PERSONS, bulk=True, public=True,
        **SHOWN_TOKENS, load_class=VITAL, zh="查询向应用出示的访问令牌当前是否有效；只回答签发给该应用的令牌。")
    def introspect_token(
        self, tx: SessionsTx, calls: Sequence[Call[IntrospectToken]],
    ) -> Sequence[views.TokenView]:
        """Whether an access token that the app was shown counts now; only tokens of the app itself are told of."""
        self.transactions.refresh_copies()
        verdicts: TokenVerdicts = self.transactions.provider.verdicts
        return introspect(verdicts, calls, tx.clock.now())

    @every(seconds=KEYS_INTERVAL_S)
    def keep_signing_keys(self, transactions: Transactions) -> None:
        """Make keys that will be needed, and retire those that no living token was signed with."""
        with transactions.begin() as tx:
            changed = keep_keys(tx, tx.signing_keys.realm_ids())
        if changed:
            log.info("identity.signing_keys.changed", extra={"keys": changed})

    @every(seconds=FORGET_INTERVAL_S)
    def forget_old_sessions(self, transactions: Transactions) -> None:
        """Forget endings of which every token is over, and sessions that ended long ago."""
        with transactions.begin() as tx:
            endings = forget_endings(tx)
        with transactions.begin() as tx:
            rows = forget_sessions(tx, most=MOST_FORGOTTEN)
        log.info("identity.sessions.forgotten", extra={"endings": endings, "rows": rows})
