"""Newer keys of tickets are taken up by running processes; what cannot be read changes nothing."""
from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from shared_components.bus.server.persons import Sender
from shared_components.kernel.acting import Ticket
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs import signing
from shared_components.security.proofs.key_folder import make_key
from shared_components.security.proofs.signing import TAKEN_UP_AFTER_S, FollowedSigner
from shared_components.security.proofs.tickets import LOOK_EVERY_S, TicketSigner
from shared_components.security.tokens import key_id_of
from tests.unit.security.proofs.test_s26_forged_and_replayed import CITIZEN, World

MATTER = Sender("matter", None, None)
LOOK = timedelta(seconds=LOOK_EVERY_S)


class Gateway(World):
    """And a gateway that has run since before the newer key came."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.signer = FollowedSigner(lambda: self.keys.signing_key("gateway"), issuer="gateway")
        self.take(self.signed())

    def signed(self, signer: FollowedSigner | TicketSigner | None = None) -> Ticket:
        return (signer or self.signer).sign(
            CITIZEN, app="app-a", department="police", audience=["payment"], at=self.clock.now())

    def take(self, ticket: Ticket) -> None:
        assert self.payment.of_ticket(ticket, MATTER).acting == CITIZEN


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path / "keys")


def test_a_newer_key_signs_after_all_have_seen_it_and_no_ticket_is_refused_meanwhile(gateway: Gateway) -> None:
    make_key(gateway.keys.folder, "gateway", 2)
    kids = []
    for _ in range(int(TAKEN_UP_AFTER_S / LOOK_EVERY_S) + 3):
        gateway.clock.advance(LOOK)
        ticket = gateway.signed()
        gateway.take(ticket)
        kids.append(key_id_of(ticket))
    before = int(TAKEN_UP_AFTER_S / LOOK_EVERY_S)
    assert kids == ["gateway/1"] * before + ["gateway/2"] * 3


def test_a_ticket_of_a_process_that_started_later_is_taken_at_once(gateway: Gateway) -> None:
    make_key(gateway.keys.folder, "gateway", 2)
    gateway.clock.advance(timedelta(seconds=1))
    started_later = TicketSigner(gateway.keys.signing_key("gateway"), issuer="gateway")
    ticket = gateway.signed(started_later)
    assert key_id_of(ticket) == "gateway/2"
    gateway.take(ticket)


def test_a_key_that_was_withdrawn_verifies_no_new_ticket(gateway: Gateway) -> None:
    make_key(gateway.keys.folder, "gateway", 2)
    (gateway.keys.folder / "gateway.1.pub.pem").unlink()
    gateway.clock.advance(LOOK)
    with pytest.raises(TokenInvalid):
        gateway.take(gateway.signed())


def test_keys_that_cannot_be_read_are_logged_and_those_of_before_stay(
    gateway: Gateway, caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("gateway.2.pem", "gateway.2.pub.pem"):
        (gateway.keys.folder / name).write_text("no key")
    gateway.clock.advance(LOOK)
    with caplog.at_level(logging.ERROR, signing.__name__):
        ticket = gateway.signed()
    gateway.take(ticket)
    assert key_id_of(ticket) == "gateway/1"
    assert {record.message for record in caplog.records} == {"security.keys.not_read"}


def test_unknown_keys_make_the_folder_be_read_once_a_second_at_most(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[str] = []
    original = gateway.keys.public_keys

    def public_keys(issuer: str) -> dict[str, OKPKey]:
        looks.append(issuer)
        return original(issuer)

    monkeypatch.setattr(gateway.keys, "public_keys", public_keys)
    stranger = TicketSigner(gateway.keys.signing_key("stranger"), issuer="gateway")
    for number in range(20):
        gateway.clock.advance(timedelta(milliseconds=100))
        ticket = stranger.sign(
            CITIZEN, app=f"app-{number}", department="police", audience=["payment"], at=gateway.clock.now())
        with pytest.raises(TokenInvalid):
            gateway.payment.of_ticket(ticket, Sender(f"matter-{number}", None, None))
    assert looks.count("gateway") <= 3
