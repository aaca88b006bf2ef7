"""Proofs that one app shows too late or wrongly close no sessions of other apps, and no newer ones of its own."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared_components.bus.server.persons import Proof, Sender
from shared_components.bus.server.session_persons import SessionPersons
from shared_components.kernel.acting import CITIZEN, Acting
from shared_components.security.errors import TokenExpired, TokenInvalid, TooManyFailures
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.failures import MOST_FAILURES
from shared_components.security.proofs.key_folder import SANDBOX_ISSUER, KeyFolder
from shared_components.security.proofs.tickets import TicketSigner

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LATE = BEGAN + timedelta(minutes=11)
PERSON = Acting("sub_1", "ses_1", CITIZEN, 2, frozenset({"order"}))


class Service:
    """A service that takes tickets of the gateway, with a clock of the test's own."""

    def __init__(self, keys: KeyFolder) -> None:
        self.at = BEGAN
        self._tokens = AccessTokenSigner(keys.signing_key(SANDBOX_ISSUER), issuer=SANDBOX_ISSUER, realm="sandbox")
        self._tickets = TicketSigner(keys.signing_key("gateway"), issuer="gateway")
        self._persons = SessionPersons(
            "payment", keys, issuer=SANDBOX_ISSUER, realm="sandbox", takes=["gateway"], calls=[], clock=self)

    def now(self) -> datetime:
        return self.at

    def token(self, app: str) -> str:
        return self._tokens.sign(PERSON, app=app, at=self.at)

    def ticket(self, app: str) -> str:
        return self._tickets.sign(PERSON, app=app, department="tax", audience=["payment"], at=self.at)

    def take_ticket(self, ticket: str, app: str) -> Proof:
        return self._persons.of_ticket(ticket, Sender(app, "gateway", "tax"))

    def take_token(self, token: str, app: str) -> Proof:
        return self._persons.of_token(token, Sender(app, None, "tax"))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(KeyFolder(tmp_path, makes=True))


def test_tickets_of_one_app_that_come_too_late_close_nobody_out(service: Service) -> None:
    old = service.ticket("app-a")
    service.at = LATE
    for _ in range(MOST_FAILURES + 5):
        with pytest.raises(TokenExpired):
            service.take_ticket(old, "app-a")
    assert service.take_ticket(service.ticket("app-b"), "app-b").caller == "app-b"
    assert service.take_ticket(service.ticket("app-a"), "app-a").caller == "app-a"


def test_wrong_tickets_count_for_the_app_and_not_for_the_gateway(service: Service) -> None:
    of_another = service.ticket("app-c")
    for _ in range(MOST_FAILURES):
        with pytest.raises(TokenInvalid):
            service.take_ticket(of_another, "app-a")
    with pytest.raises(TooManyFailures, match="'app-a' has shown"):
        service.take_ticket(of_another, "app-a")
    assert service.take_ticket(service.ticket("app-b"), "app-b").caller == "app-b"


def test_tokens_that_have_expired_do_not_close_the_app_s_newer_sessions(service: Service) -> None:
    old = service.token("app-a")
    service.at = LATE
    for _ in range(MOST_FAILURES + 5):
        with pytest.raises(TokenExpired):
            service.take_token(old, "app-a")
    assert service.take_token(service.token("app-a"), "app-a").caller == "app-a"
