"""Refresh: a token is used once; its retry at once gets the same successor; any other use revokes the family."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from services.identity.sessions.domain import reasons, states
from services.identity.sessions.domain.errors import RefreshRefused, ScopeNotGranted, SessionOver
from services.identity.sessions.domain.grant import Grant, RefreshToken
from services.identity.sessions.domain.ports import Family
from services.identity.sessions.domain.signing_key import RealmKey
from services.identity.sessions.usecases.end_session import RevokeGrantsTx, end_session, revoke_these
from services.identity.sessions.usecases.issue_tokens import (
    PREFIX,
    IssueTokensTx,
    TokenSet,
    later,
    refresh_text,
    token_set,
)
from services.identity.sessions.usecases.signing import access_token, signing_key
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id

LONGEST = 200


class RefreshTx(IssueTokensTx, RevokeGrantsTx, Protocol):
    """The transaction of refreshing tokens."""


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """app: that shows the token, and has proved who it is. scopes: fewer than before; None: the same."""

    refresh_token: str = field(repr=False)
    app: str
    scopes: Collection[str] | None = None


def refresh_tokens(tx: RefreshTx, command: RefreshTokens) -> TokenSet | AppError:
    """As refresh_all, for one."""
    return refresh_all(tx, [command])[0]


def refresh_all(tx: RefreshTx, commands: Sequence[RefreshTokens]) -> list[TokenSet | AppError]:
    """Give each its tokens, or RefreshRefused or ScopeNotGranted.

    Refusals are returned: the transaction must commit what a replayed token has revoked.
    """
    group = _Group(tx, [_parsed(command.refresh_token) for command in commands])
    replies = [group.refresh(command, shown) for command, shown in zip(commands, group.shown, strict=True)]
    group.store()
    return replies


def _parsed(text: str) -> tuple[str, str]:
    """Id and secret; of anything else, those of no token."""
    token_id, dot, secret = text.removeprefix(PREFIX).partition(".")
    if not text.startswith(PREFIX) or not dot or len(text) > LONGEST or not text.isascii():
        return "", ""
    return token_id, secret


class _Group:
    """The refreshes of one transaction: read with one statement, written with one each table."""

    def __init__(self, tx: RefreshTx, shown: Sequence[tuple[str, str]]) -> None:
        self.tx, self.shown, self._now = tx, shown, tx.clock.now()
        self._families = dict(tx.grants.families({token_id for token_id, _ in shown if token_id}))
        used = [family.token.successor_id for family in self._families.values()]
        self._successors = dict(tx.grants.tokens([each for each in used if each is not None]))
        self._keys: dict[str, RealmKey] = {}
        self._new: list[RefreshToken] = []
        self._used: list[RefreshToken] = []
        self._touched: dict[str, tuple[datetime, datetime]] = {}
        self._grants: dict[str, Grant] = {}
        self._over: set[str] = set()

    def refresh(self, command: RefreshTokens, shown: tuple[str, str]) -> TokenSet | AppError:
        token_id, secret = shown
        family = self._families.get(token_id)
        if family is None or not self.tx.refresh_secrets.matches(family.token, secret):
            return RefreshRefused()
        # Another token of the group may have changed the family.
        grant = self._grants.get(family.grant.grant_id, family.grant)
        if grant.app != command.app or grant.state != states.ACTIVE or not self._is_live(family):
            return RefreshRefused()
        scopes = grant.scopes if command.scopes is None else tuple(sorted(set(command.scopes)))
        if not set(scopes) <= set(grant.scopes):
            return _too_wide(set(scopes) - set(grant.scopes))
        text = self._next(family.token, grant, secret)
        return RefreshRefused() if text is None else self._given(family, grant, scopes, text)

    def store(self) -> None:
        """Write what the group has changed."""
        tx = self.tx
        tx.grants.save_tokens(self._used)
        tx.grants.save([grant for grant in self._grants.values() if grant.state == states.ACTIVE])
        tx.sessions.touch({key: used for key, used in self._touched.items() if key not in self._over})
        # Last: new rows travel with the commit.
        tx.grants.add_tokens(self._new)

    def _is_live(self, family: Family) -> bool:
        """A session whose level fell ends here at the latest."""
        session = family.session
        if session.session_id in self._over or not session.is_live(self._now):
            return False
        if session.has_fallen():
            self._over.add(session.session_id)
            end_session(self.tx, session.session_id, reasons.LEVEL_LOWERED, None)
            return False
        return True

    def _next(self, token: RefreshToken, grant: Grant, secret: str) -> str | None:
        """The refresh token that comes after this one; None revokes the family."""
        lifetimes, secrets = self.tx.tokens.lifetimes, self.tx.refresh_secrets
        if token.state == states.ACTIVE:
            return self._rotated(token, grant, secret)
        if not token.may_be_retried(self._now, lifetimes.grace, self._successors):
            revoke_these(self.tx, [grant], reasons.TOKEN_REPLAYED, None)
            self._grants[grant.grant_id] = replace(grant, state=states.REVOKED)
            return None
        assert token.successor_id is not None and token.successor_key is not None
        return refresh_text(token.successor_id, secrets.successor_of(secret, token.successor_id, token.successor_key))

    def _rotated(self, token: RefreshToken, grant: Grant, secret: str) -> str:
        secrets, successor_id = self.tx.refresh_secrets, new_id("rft")
        version = secrets.key_version
        made = secrets.successor_of(secret, successor_id, version)
        successor = RefreshToken(
            successor_id, grant.grant_id, grant.realm_id, secrets.hash_of(successor_id, made), self._now)
        used = token.used(self._now, successor_id=successor_id, successor_key=version)
        self._new.append(successor)
        self._used.append(used)
        self._successors[successor_id] = successor
        self._families[token.token_id] = self._families[token.token_id]._replace(token=used)
        return refresh_text(successor_id, made)

    def _given(self, family: Family, grant: Grant, scopes: tuple[str, ...], text: str) -> TokenSet | AppError:
        session = family.session.used(self._now)
        try:
            access = access_token(self.tx, session, grant, scopes, self._key(grant.realm_id))
        except SessionOver:
            return RefreshRefused()
        used_at, until = self._touched.get(session.session_id, (session.used_at, session.tokens_until))
        self._touched[session.session_id] = (used_at, later(until, access.until))
        self._grants[grant.grant_id] = replace(grant, tokens_until=later(grant.tokens_until, access.until))
        return token_set(
            session, grant, access.text, text, expires_s=access.until.timestamp() - self._now.timestamp(),
            scopes=scopes)

    def _key(self, realm_id: str) -> RealmKey:
        key = self._keys.get(realm_id)
        if key is None:
            key = self._keys[realm_id] = signing_key(self.tx, realm_id)
        return key


def _too_wide(scopes: Collection[str]) -> ScopeNotGranted:
    return ScopeNotGranted(Bilingual(
        f"scope has {len(scopes)} that were not granted; those of the login, or fewer, are allowed",
        f"scope 中有 {len(scopes)} 项未获授权；只允许登录时授权的范围或其中一部分"))
