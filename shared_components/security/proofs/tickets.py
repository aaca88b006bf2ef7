"""Tickets: the verdict about a token, signed by the service that verified it, for the services behind it."""
from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from joserfc.jwk import OKPKey

from shared_components.kernel.acting import Acting, Ticket
from shared_components.security.errors import KeyConfigurationError, TokenInvalid
from shared_components.security.proofs.claims import acting_of, claims_of
from shared_components.security.proofs.verdicts import Verdicts
from shared_components.security.tokens import SigningKey, TokenSigner, TokenVerifier, key_id_of

log = logging.getLogger(__name__)

TYPE = "ticket+jwt"
LOOK_EVERY_S, LOOK_FOR_UNKNOWN_EVERY_S = 30.0, 1.0
IssuersKeys = Mapping[str, Mapping[str, OKPKey]]
LONGEST = timedelta(minutes=5)


class Passed(NamedTuple):
    """A person as a ticket states it.

    app, department: for which the call is made. expires_s: epoch seconds. text: the ticket.
    """

    acting: Acting
    app: str
    department: str
    expires_s: int
    text: Ticket


class TicketSigner:
    """Signs tickets of one service."""

    def __init__(self, key: SigningKey, *, issuer: str) -> None:
        self._signer = TokenSigner(key, issuer=issuer, typ=TYPE)

    def sign(
        self, acting: Acting, *, app: str, department: str, audience: Collection[str], at: datetime,
        until_s: float | None = None,
    ) -> Ticket:
        """audience: the services that may take it. until_s: the end of the token, epoch seconds."""
        lifetime = LONGEST
        if until_s is not None:
            lifetime = min(LONGEST, timedelta(seconds=int(until_s) - int(at.timestamp())))
        return Ticket(self._signer.sign(
            {**claims_of(acting), "app": app, "department_of_app": department},
            audience=sorted(audience), at=at, lifetime=lifetime))


class Tickets:
    """Verifies tickets for one service, each text once.

    keys: gives issuer → kid → public key, of the issuers that the service's contract names. They are looked at again
    every half minute, and for a key that is not known. Raises KeyConfigurationError when that fails at first.
    """

    def __init__(self, keys: Callable[[], IssuersKeys], *, service: str) -> None:
        self._keys, self._service = keys, service
        self._verifiers = self._found()
        self._looked_at_s: float | None = None
        self._verdicts = Verdicts(self._read)

    def verify(self, ticket: str, *, sender: str, app: str | None, at: datetime) -> Passed:
        """sender: who passes it on. app: for which the call is, where the sender says so.

        Raises TokenInvalid, TokenExpired, TooManyFailures.
        """
        return self._verdicts.verify(
            ticket, shown_by=sender, at=at, fits=lambda passed: app is None or passed.app == app)

    def _read(self, ticket: str, at: datetime) -> Passed:
        verifier = self._verifier(key_id_of(ticket), at.timestamp())
        if verifier is None:
            raise TokenInvalid
        claims = verifier.verify(ticket, at=at)
        app, department = claims.get("app"), claims.get("department_of_app")
        if not isinstance(app, str) or not isinstance(department, str):
            raise TokenInvalid
        if claims["exp"] - claims["iat"] > LONGEST.total_seconds():
            raise TokenInvalid
        return Passed(acting_of(claims), app, department, claims["exp"], Ticket(ticket))

    def _verifier(self, kid: str, now_s: float) -> TokenVerifier | None:
        every_s = LOOK_EVERY_S if kid in self._verifiers else LOOK_FOR_UNKNOWN_EVERY_S
        if self._looked_at_s is None or abs(now_s - self._looked_at_s) >= every_s:
            self._looked_at_s = now_s
            try:
                self._verifiers = self._found()
            except KeyConfigurationError as error:
                log.error("security.keys.not_read", extra={"problem": str(error)})
        return self._verifiers.get(kid)

    def _found(self) -> dict[str, TokenVerifier]:
        return {
            kid: TokenVerifier({kid: key}, issuer=issuer, audience=self._service, typ=TYPE)
            for issuer, of_issuer in self._keys().items() for kid, key in of_issuer.items()
        }
