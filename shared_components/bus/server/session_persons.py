"""Verify tokens and tickets with the keys of this service's folder, and sign tickets for the services behind it."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Any

from shared_components.bus.errors import ContextNotAllowed
from shared_components.bus.server.persons import Proof, Sender, not_taken
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.clock import Clock, LearnedClock, SystemClock
from shared_components.security.pairwise_ids import PairwiseIds
from shared_components.security.proofs.access_tokens import AccessTokens, no_key
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.sector_subjects import from_sector
from shared_components.security.proofs.signing import FollowedSigner, FreshTickets
from shared_components.security.proofs.tickets import Tickets
from shared_components.security.secrets import pairwise_ids
from shared_components.security.tokens import FindKey, TrustedKey


class LoginKeys:
    """Keys of the login, by this process's copy of the directory.

    catch_up: brings the copy up to date; done once a message, before the first token of it is verified.
    known: finds a key in the copy. clock: learned from the copy's database.
    """

    def __init__(self, catch_up: Callable[[], None], known: FindKey, clock: LearnedClock) -> None:
        self._catch_up, self._known, self._is_fresh = catch_up, known, False
        self._clock = clock

    def now(self) -> datetime:
        """The database's time. Raises FeedStale."""
        if self._clock.age_s == inf:
            self._catch_up()
        return self._clock.now()

    def forget(self) -> None:
        """Look again before the next token: keys may have been revoked."""
        self._is_fresh = False

    def find(self, kid: str) -> TrustedKey | None:
        """Raises FeedStale."""
        if not self._is_fresh:
            self._catch_up()
            self._is_fresh = True
        return self._known(kid)


class SessionPersons:
    """The persons of one service's calls. Keys are read when the first proof comes; in production at start.

    keys: None: no folder is configured, and nothing is taken. calls: the services that this one calls.
    login: keys that the service follows; those of the folder are for sandbox tokens and tickets.
    pairwise: read the ids of persons in tokens; None: tokens name real ids.
    """

    def __init__(
        self, service: str, keys: KeyFolder | None, *, issuer: str, realm: str, takes: Collection[str],
        calls: Collection[str], clock: Clock | None = None, login: LoginKeys | None = None,
        pairwise: PairwiseIds | None = None,
    ) -> None:
        self._login, self._pairwise = login, pairwise
        self._service, self._keys, self._issuer, self._realm = service, keys, issuer, realm
        self._takes, self._calls = tuple(takes), tuple(calls)
        self._clock = clock or SystemClock()
        if keys is not None and not keys.makes:
            self.read_keys()

    @classmethod
    def from_configuration(
        cls, contract: ServiceContract, configuration: Mapping[str, Any], login: LoginKeys | None = None,
    ) -> SessionPersons:
        """configuration: sections `security` and `environment`. Raises KeyConfigurationError."""
        section = configuration["security"]
        return cls(
            contract.service, KeyFolder.from_configuration(section, configuration["environment"]),
            issuer=section.get("token_issuer", "sandbox"), realm=section.get("realm", "sandbox"),
            takes=contract.tickets, calls=contract.calls, login=login,
            pairwise=pairwise_ids(section, configuration["environment"]))

    def read_keys(self) -> None:
        """Raises KeyConfigurationError."""
        assert self._tokens and self._tickets
        if self._calls:
            assert self._signer

    def _now(self) -> datetime:
        return self._clock.now() if self._login is None else self._login.now()

    def message_arrived(self) -> None:
        if self._login is not None:
            self._login.forget()

    def of_token(self, token: str, sender: Sender) -> Proof:
        if self._tokens is None:
            raise not_taken("token")
        at = self._now()
        session = self._tokens.verify(token, app=sender.caller, at=at)
        if self._pairwise is not None:
            assert sender.department is not None, "only an app sends a token, and has a department"
            session = session._replace(acting=from_sector(session.acting, self._pairwise, sender.department))
        ticket = None
        if self._signer is not None:
            department = sender.department
            assert department is not None, "only an app sends a token, and has a department"
            ticket = self._signer.ticket_for(token, session, department=department, audience=self._calls, at=at)
        return Proof(sender.caller, None, sender.department, session.acting, ticket)

    def of_ticket(self, ticket: str, sender: Sender) -> Proof:
        if self._tickets is None:
            raise not_taken("ticket")
        app = sender.caller if sender.via is not None else None
        # Counted by app where the gateway passes it on: the failures of one app close no other's sessions.
        passed = self._tickets.verify(ticket, sender=sender.caller, app=app, at=self._now())
        if sender.department is not None and sender.department != passed.department:
            raise ContextNotAllowed(Bilingual(
                f"the ticket is of an app of '{passed.department}'; context.tenant is '{sender.department}'",
                f"凭条属于部门“{passed.department}”的应用；上下文的 tenant 为“{sender.department}”"))
        return Proof(passed.app, sender.user, passed.department, passed.acting, passed.text)

    @cached_property
    def _tokens(self) -> AccessTokens | None:
        if self._keys is None:
            return None
        return AccessTokens(
            self._keys.public_keys(self._issuer), issuer=self._issuer, realm=self._realm,
            login=no_key if self._login is None else self._login.find)

    @cached_property
    def _tickets(self) -> Tickets | None:
        keys = self._keys
        if keys is None:
            return None
        return Tickets(lambda: {issuer: keys.public_keys(issuer) for issuer in self._takes}, service=self._service)

    @cached_property
    def _signer(self) -> FreshTickets | None:
        keys = self._keys
        if keys is None or not self._calls:
            return None
        return FreshTickets(FollowedSigner(lambda: keys.signing_key(self._service), issuer=self._service))
