"""Ports of sessions: what their use cases need of tables, feed and keys."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from services.identity.sessions.domain.grant import Grant, RefreshToken
from services.identity.sessions.domain.lifetimes import TokenPolicy
from services.identity.sessions.domain.session import Session
from services.identity.sessions.domain.signing_key import RealmKey
from shared_components.kernel.acting import Acting
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock


class Family(NamedTuple):
    """A refresh token with its grant and session, both locked."""

    token: RefreshToken
    grant: Grant
    session: Session


class Sessions(Protocol):
    """Sessions are read with the level that evidence gives now."""

    def add(self, session: Session) -> None: ...

    def get(self, session_id: str) -> Session | None: ...

    def lock(self, session_id: str) -> Session | None: ...

    def save(self, session: Session) -> None:
        """Store what a login or a step-up changed. The state stays."""
        ...

    def end(self, session: Session) -> None:
        """Store an ended session, and tell the feed when a token of it may still live."""
        ...

    def active_of(self, subject_id: str) -> Sequence[Session]:
        """Those that are neither ended nor expired, newest first, locked."""
        ...

    def page(self, subject_id: str, *, before: str | None, limit: int, at: datetime) -> Sequence[Session]:
        """Active sessions, newest first. before: a session id."""
        ...

    def touch(self, used: Mapping[str, tuple[datetime, datetime]]) -> None:
        """Store the last sign of life and tokens_until of locked sessions, by id."""
        ...


class Grants(Protocol):
    def add(self, grant: Grant) -> None: ...

    def get(self, grant_id: str) -> Grant | None: ...

    def save(self, grants: Sequence[Grant]) -> None:
        """Store revocations and tokens_until. The feed is told of a revocation while a token may still live."""
        ...

    def active(
        self, *, session_id: str | None = None, subject_id: str | None = None, app: str | None = None,
        mandate_id: str | None = None, principal_id: str | None = None,
    ) -> Sequence[Grant]:
        """Active grants for which all of this holds, locked. At least one is given.

        principal_id: for whom the person acts.
        """
        ...

    def families(self, token_ids: Collection[str]) -> Mapping[str, Family]:
        """Refresh tokens by id, with grant and session, which nobody else changes before the transaction ends."""
        ...

    def tokens(self, token_ids: Collection[str]) -> Mapping[str, RefreshToken]: ...

    def add_tokens(self, tokens: Sequence[RefreshToken]) -> None: ...

    def save_tokens(self, tokens: Sequence[RefreshToken]) -> None:
        """Store that tokens were used."""
        ...


class RefreshSecrets(Protocol):
    """Secrets of refresh tokens. Nothing of them is stored but a keyed hash."""

    @property
    def key_version(self) -> int:
        """The version of the key that makes successors now."""
        ...

    def hash_of(self, token_id: str, secret: str) -> str: ...

    def matches(self, token: RefreshToken, secret: str) -> bool: ...

    def successor_of(self, secret: str, successor_id: str, key_version: int) -> str:
        """The secret of the token that replaces one: the same each time, and only for who shows the first one."""
        ...


class SigningKeys(Protocol):
    def of(self, realm_id: str) -> Sequence[RealmKey]:
        """All keys of a realm that are not retired or revoked, oldest first."""
        ...

    def all(self) -> Sequence[RealmKey]:
        """The same, of every realm that the transaction sees."""
        ...

    def realm_ids(self) -> Sequence[str]:
        """The populations that the transaction sees: of realms, and of their sandboxes."""
        ...

    def make(self, realm_id: str, *, at: datetime, signs_from: datetime) -> RealmKey:
        """Make a key and publish it: it signs only when every verifier has it."""
        ...

    def end(self, key: RealmKey) -> None:
        """Store a retired or revoked key, and take it back from all verifiers."""
        ...

    def sign_access(
        self, key: RealmKey, acting: Acting, *, app: str, auth_time: datetime, at: datetime, until: datetime,
    ) -> str:
        """An access token (RFC 9068) for the app, with the key's realm as its audience."""
        ...

    def sign(self, key: RealmKey, claims: Mapping[str, Any], *, typ: str) -> str:
        """A signed token of exactly these claims."""
        ...


class ActiveToken(NamedTuple):
    """An access token that counts now. expires_s: epoch seconds."""

    acting: Acting
    expires_s: int


class TokenVerdicts(Protocol):
    def of(self, token: str, *, app: str, sector: str, at: datetime) -> ActiveToken | None:
        """The token, when it counts now for this app of the sector; None for every other text. Ids are real ones."""
        ...


class OldSessions(Protocol):
    def forget_endings(self, at: datetime) -> int:
        """Take endings out of the feed of which every token is over; gives how many."""
        ...

    def delete(self, *, sessions_before: datetime, tokens_before: datetime, most: int) -> int:
        """Delete sessions that ended, and refresh tokens that were used, before this; gives how many rows."""
        ...


class HasOldSessions(Protocol):
    @property
    def old_sessions(self) -> OldSessions: ...


class HasSessions(Protocol):
    @property
    def sessions(self) -> Sessions: ...


class HasGrants(Protocol):
    @property
    def grants(self) -> Grants: ...


class HasRefreshSecrets(Protocol):
    @property
    def refresh_secrets(self) -> RefreshSecrets: ...


class HasSigningKeys(Protocol):
    @property
    def signing_keys(self) -> SigningKeys: ...


class HasTokenPolicy(Protocol):
    @property
    def tokens(self) -> TokenPolicy: ...


class SessionsTx(HasClock, HasSessions, HasOldSessions, HasSigningKeys, HasTokenPolicy, EvidenceTx, Protocol):
    """A transaction with everything that the methods of sessions ask for."""
