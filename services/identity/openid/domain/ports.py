"""Ports of OAuth and OpenID Connect: what their use cases need of tables, keys and pairwise ids."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from services.identity.openid.domain.client import Client
from services.identity.openid.domain.code import AuthorizationCode
from services.identity.openid.domain.consent import Consent
from services.identity.openid.domain.request import AuthorizationRequest
from services.identity.sessions.domain.grant import ActsFor
from shared_components.kernel.acting import Acting


class Clients(Protocol):
    def find(self, client_id: str) -> Client | None:
        """The client of any realm that the transaction sees; None when it may not take part in logins."""
        ...

    def knows_secret(self, client: Client, secret: str) -> bool:
        """Tell whether the secret is an app key that opens the client's environment."""
        ...


class Assertions(Protocol):
    """Assertions by which clients prove themselves (private_key_jwt)."""

    def claimed_client(self, assertion: str) -> str | None:
        """The client that an assertion names; nobody has verified it yet."""
        ...

    def verify(self, assertion: str, client: Client, *, audiences: Collection[str], at: datetime) -> bool:
        """Tell whether the client has made it for one of the audiences, and it was not used before. It is used now."""
        ...


class Requests(Protocol):
    def add(self, request: AuthorizationRequest) -> None: ...

    def get(self, request_id: str) -> AuthorizationRequest | None: ...

    def lock(self, request_id: str) -> AuthorizationRequest | None: ...

    def save(self, request: AuthorizationRequest) -> None:
        """Store state and end of a locked request."""
        ...


class Codes(Protocol):
    def add(self, code: AuthorizationCode) -> None: ...

    def lock(self, code_hash: str) -> AuthorizationCode | None: ...

    def save(self, code: AuthorizationCode) -> None:
        """Store that a locked code was used."""
        ...


class Consents(Protocol):
    def scopes(self, realm_id: str, subject_id: str, client_id: str) -> frozenset[str]:
        """The scopes of the active consents."""
        ...

    def of_client(self, realm_id: str, subject_id: str, client_id: str) -> Sequence[Consent]:
        """Active and revoked ones, locked."""
        ...

    def add(self, consent: Consent) -> None: ...

    def save(self, consent: Consent) -> None: ...

    def page(
        self, realm_id: str, subject_id: str, *, after: tuple[str, str] | None, limit: int,
    ) -> Sequence[Consent]:
        """Active ones, by client and scope."""
        ...


class IdTokens(Protocol):
    def subject_and_session(self, hint: str) -> Mapping[str, Any] | None:
        """The claims of an ID token of ours, however old; None for anything else."""
        ...


class PairwiseSubjects(Protocol):
    """Ids of subjects as one sector sees them."""

    def to_sector(self, subject_id: str, sector: str) -> str: ...

    def from_sector(self, pairwise_id: str, sector: str) -> str | None:
        """The real id; None for an id of another sector, and for any other text."""
        ...


class ActiveToken(NamedTuple):
    """An access token that counts now. expires_s, issued_s: epoch seconds."""

    client_id: str
    acting: Acting
    expires_s: int
    issued_s: int


class AccessTokens(Protocol):
    def active(self, token: str, *, at: datetime) -> ActiveToken | None:
        """The token of a live session; None for one that is wrong, over, or revoked."""
        ...


class LiveMandates(Protocol):
    def acts_for(
        self, mandate_id: str, agent_id: str, scopes: Collection[str], *, at: datetime,
    ) -> ActsFor | None:
        """Whom this agent may act for now under the mandate, within these scopes; None without a live one."""
        ...


class HasAccessTokens(Protocol):
    @property
    def access_tokens(self) -> AccessTokens: ...


class HasLiveMandates(Protocol):
    @property
    def live_mandates(self) -> LiveMandates: ...


class HasClients(Protocol):
    @property
    def clients(self) -> Clients: ...


class HasAssertions(Protocol):
    @property
    def assertions(self) -> Assertions: ...


class HasRequests(Protocol):
    @property
    def authorization_requests(self) -> Requests: ...


class HasCodes(Protocol):
    @property
    def codes(self) -> Codes: ...


class HasConsents(Protocol):
    @property
    def consents(self) -> Consents: ...


class HasIdTokens(Protocol):
    @property
    def id_tokens(self) -> IdTokens: ...


class HasPairwise(Protocol):
    @property
    def pairwise(self) -> PairwiseSubjects: ...
