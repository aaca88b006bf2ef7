"""Callers over HTTP: the app by its key, and the person by an access token that counts only with that key."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from services.gateway.adapters.exchange import Exchange
from services.gateway.domain.apps import SCHEME, App, Apps, KnowsApps, hash_of_shown
from services.gateway.domain.errors import SessionsNotServed
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.clock import Clock, SystemClock
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.signing import FreshTickets
from shared_components.security.proofs.tickets import TicketSigner

ISSUER = "gateway"
APP_KEY = b"zhongtai-app-key"


class Callers:
    """Recognises app and person of a request.

    apps: of the configuration, asked first. directory: None where identity is not served.
    keys: None: no folder is configured, and no token is taken.
    contracts: of the services, for whom a ticket may go on to which others.
    """

    def __init__(
        self, apps: Apps, contracts: Iterable[ServiceContract], keys: KeyFolder | None, section: Mapping[str, Any],
        clock: Clock | None = None, directory: KnowsApps | None = None,
    ) -> None:
        self._apps, self._directory, self._keys = apps, directory, keys
        self._audiences = {contract.service: (contract.service, *contract.calls) for contract in contracts}
        self._issuer, self._realm = section.get("token_issuer", "sandbox"), section.get("realm", "sandbox")
        self._clock = clock or SystemClock()
        if keys is not None and not keys.makes:
            assert self._tokens and self._tickets

    async def app_of(self, exchange: Exchange) -> App:
        """The app of the request; it is named in the exchange. Raises KeyMissing, KeyUnknown, DirectoryNotReached."""
        key = exchange.given.get(APP_KEY)
        authorization = exchange.given.get(b"authorization")
        shown = hash_of_shown(authorization if key is None else f"{SCHEME} {key}")
        found = self._apps.find(shown)
        if found is None and self._directory is not None:
            found = self._apps.without_namesake(await self._directory.find(shown))
        app = self._apps.noted(found)
        exchange.app = app.name
        return app

    def prove_person(self, exchange: Exchange, app: App, service: str) -> None:
        """Put the ticket of the acting person into the exchange, when the request has a token.

        Raises TokenInvalid, TokenExpired, TooManyFailures, SessionsNotServed.
        """
        authorization = exchange.given.get(b"authorization")
        if APP_KEY not in exchange.given or authorization is None:
            return
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise TokenInvalid
        if self._keys is None:
            raise SessionsNotServed
        at = self._clock.now()
        token = token.strip()
        session = self._tokens.verify(token, app=app.name, at=at)
        exchange.ticket = self._tickets.ticket_for(
            token, session, department=app.tenant, audience=self._audiences.get(service, (service,)), at=at)

    @cached_property
    def _tokens(self) -> AccessTokens:
        assert self._keys is not None
        return AccessTokens(self._keys.public_keys(self._issuer), issuer=self._issuer, realm=self._realm)

    @cached_property
    def _tickets(self) -> FreshTickets:
        assert self._keys is not None
        return FreshTickets(TicketSigner(self._keys.signing_key(ISSUER), issuer=ISSUER))
