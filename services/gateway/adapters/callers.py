"""Callers over HTTP: the app by its key, and the person by an access token that counts only with that key."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from services.gateway.adapters.exchange import Exchange
from services.gateway.adapters.token_callers import KnowsClients, TokenCallers, token_in
from services.gateway.domain.apps import SCHEME, App, Apps, KnowsApps, hash_of_shown
from services.gateway.domain.errors import KeyUnknown, SessionsNotServed
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.clock import Clock, SystemClock
from shared_components.security.authority.errors import SessionEnded
from shared_components.security.errors import TokenInvalid
from shared_components.security.pairwise_ids import PairwiseIds
from shared_components.security.proofs.access_tokens import AccessTokens, Session, no_key
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.sector_subjects import from_sector
from shared_components.security.proofs.signing import FollowedSigner, FreshTickets
from shared_components.security.tokens import TrustedKey

ISSUER = "gateway"
APP_KEY = b"zhongtai-app-key"


class KnowsSessions(KnowsApps, KnowsClients, Protocol):
    """The directory: apps outside of the configuration, keys of the login, ended sessions.

    clock: by which tokens are dated.
    """

    @property
    def clock(self) -> Clock: ...

    async def renew(self) -> None:
        """Make sure that what is looked up next holds now. Raises DirectoryNotReached."""
        ...

    def signing_key(self, kid: str) -> TrustedKey | None:
        """A key by which the login signs tokens."""
        ...

    def is_ended(self, session: str) -> bool:
        """Tell whether a session has ended, or what it gave an app; both by their ids."""
        ...


class Callers:
    """Recognises app and person of a request.

    apps: of the configuration, asked first. directory: None where identity is not served.
    keys: None: no folder is configured, and no token is taken.
    contracts: of the services, for whom a ticket may go on to which others.
    pairwise: read the ids of persons in tokens; None: tokens name real ids.
    """

    def __init__(
        self, apps: Apps, contracts: Iterable[ServiceContract], keys: KeyFolder | None, section: Mapping[str, Any],
        clock: Clock | None = None, directory: KnowsSessions | None = None, pairwise: PairwiseIds | None = None,
    ) -> None:
        self._pairwise = pairwise
        self._apps, self._directory, self._keys = apps, directory, keys
        self._audiences = {contract.service: (contract.service, *contract.calls) for contract in contracts}
        self._issuer, self._realm = section.get("token_issuer", "sandbox"), section.get("realm", "sandbox")
        self._clock = clock or (SystemClock() if directory is None else directory.clock)
        if keys is not None and not keys.makes:
            assert self._tokens and self._tickets

    async def app_of(self, exchange: Exchange) -> App:
        """The app of the request; it is named in the exchange.

        Raises KeyMissing, KeyUnknown, TokenInvalid, TokenExpired, DirectoryNotReached.
        """
        key = exchange.given.get(APP_KEY)
        authorization = exchange.given.get(b"authorization")
        token = token_in(authorization) if key is None else None
        if token is not None and self._directory is not None:
            await self._directory.renew()
            app = self._apps.noted(self._apps.without_namesake(
                (self._by_token.app_of(token, self._clock.now()), 0)))
            exchange.app = app.name
            return app
        shown = hash_of_shown(authorization if key is None else f"{SCHEME} {key}")
        found = self._apps.find(shown)
        if found is None and self._directory is not None:
            found = self._apps.without_namesake(await self._directory.find(shown))
        app = self._apps.noted(found)
        exchange.app = app.name
        return app

    async def app_named(self, name: str, tenant: str) -> App:
        """The app that a key of another kind is of, as configuration or directory know it now.

        Raises KeyUnknown, also for an app that is frozen or closed, and DirectoryNotReached.
        """
        app = self._apps.named(name)
        if app is None and self._directory is not None:
            await self._directory.renew()
            found = self._directory.client(name)
            app = None if found is None else self._apps.noted(self._apps.without_namesake((found, 0)))
        if app is None or app.tenant != tenant:
            raise KeyUnknown
        return app

    async def prove_person(self, exchange: Exchange, app: App, service: str) -> None:
        """Put the ticket of the acting person into the exchange, when the request has a token.

        Raises TokenInvalid, TokenExpired, TooManyFailures, SessionEnded, SessionsNotServed, DirectoryNotReached.
        """
        authorization = exchange.given.get(b"authorization")
        if authorization is None or not (APP_KEY in exchange.given or (app.is_public and token_in(authorization))):
            return
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise TokenInvalid
        if self._keys is None:
            raise SessionsNotServed
        token = token.strip()
        session, at = await self._verified(token, app)
        if self._pairwise is not None:
            session = session._replace(acting=from_sector(session.acting, self._pairwise, app.tenant))
        exchange.ticket = self._tickets.ticket_for(
            token, session, department=app.tenant, audience=self._audiences.get(service, (service,)), at=at)

    async def _verified(self, token: str, app: App) -> tuple[Session, datetime]:
        """The session, and when it was verified."""
        directory = self._directory
        if directory is not None:
            # Keys, ended sessions and the time are those of now, or nobody is let in.
            await directory.renew()
        at = self._clock.now()
        session = self._tokens.verify(token, app=app.name, at=at)
        if directory is None:
            return session, at
        acting = session.acting
        if directory.is_ended(acting.session) or (acting.grant is not None and directory.is_ended(acting.grant)):
            raise SessionEnded
        return session, at

    @cached_property
    def _by_token(self) -> TokenCallers:
        assert self._directory is not None
        return TokenCallers(self._directory)

    @cached_property
    def _tokens(self) -> AccessTokens:
        assert self._keys is not None
        return AccessTokens(
            self._keys.public_keys(self._issuer), issuer=self._issuer, realm=self._realm,
            login=no_key if self._directory is None else self._directory.signing_key)

    @cached_property
    def _tickets(self) -> FreshTickets:
        keys = self._keys
        assert keys is not None
        return FreshTickets(FollowedSigner(lambda: keys.signing_key(ISSUER), issuer=ISSUER))
