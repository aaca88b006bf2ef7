"""S26: forged or replayed tickets and tokens, and tokens of another app, are refused without many signature checks."""
from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared_components.bus.errors import ContextNotAllowed
from shared_components.bus.server.persons import Sender
from shared_components.bus.server.session_persons import SessionPersons
from shared_components.kernel.acting import OFFICER, Acting, Mandate, Ticket
from shared_components.kernel.clock import FixedClock
from shared_components.security import tokens
from shared_components.security.errors import TokenExpired, TokenInvalid, TooManyFailures
from shared_components.security.proofs import access_tokens, failures
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.claims import acting_of, claims_of
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.proofs.tickets import TicketSigner
from shared_components.security.tokens import SigningKey, TokenSigner

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CITIZEN = Acting("sub_1", "ses_1", level=2, scopes=frozenset({"licence", "order"}))
APP = Sender("app-a", None, "police")
AGENT = CITIZEN._replace(principal="sub_2", mandate=Mandate("man_1", frozenset({"licence"}), frozenset({"m"}), 5))
CLERK = Acting("sub_9", "ses_9", OFFICER, 3, frozenset(), frozenset({"handler"}), "police")


class World:
    """One realm's keys, the matter service that verifies tokens, and payment behind it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(AT)
        self.keys = KeyFolder(folder, makes=True)
        self.login = AccessTokenSigner(self.keys.signing_key("sandbox"), issuer="sandbox", realm="sandbox")
        self.matter = self.service("matter", takes=["gateway"], calls=["payment"])
        self.payment = self.service("payment", takes=["gateway", "matter"])

    def service(self, name: str, *, takes: list[str], calls: list[str] | None = None) -> SessionPersons:
        return SessionPersons(
            name, self.keys, issuer="sandbox", realm="sandbox", takes=takes, calls=calls or [], clock=self.clock)

    def token(self, acting: Acting = CITIZEN, *, app: str = "app-a", **more: Any) -> str:
        return self.login.sign(acting, app=app, at=self.clock.now(), **more)

    def ticket(self, issuer: str = "gateway", *, app: str = "app-a", audience: str = "payment", **more: Any) -> Ticket:
        signer = TicketSigner(self.keys.signing_key(issuer), issuer=issuer)
        return signer.sign(
            CITIZEN, app=app, department="police", audience=[audience], at=self.clock.now(), **more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "keys")


@pytest.mark.parametrize("acting", [CITIZEN, AGENT, CLERK])
def test_a_token_proves_the_person_and_a_ticket_carries_the_verdict(world: World, acting: Acting) -> None:
    first = world.matter.of_token(world.token(acting), APP)
    assert (first.caller, first.via, first.department, first.acting) == ("app-a", None, "police", acting)
    assert first.ticket is not None
    passed = world.payment.of_ticket(first.ticket, Sender("matter", None, None))
    assert (passed.caller, passed.via, passed.department, passed.acting) == ("app-a", "matter", "police", acting)
    assert passed.ticket == first.ticket and "eyJ" not in repr(passed)


def test_a_token_is_of_one_app_alone(world: World) -> None:
    token = world.token()
    world.matter.of_token(token, APP)
    for _ in range(2):
        with pytest.raises(TokenInvalid):
            world.matter.of_token(token, Sender("app-b", None, "police"))


def test_a_ticket_serves_the_app_of_its_call_only(world: World) -> None:
    ticket = world.ticket()
    assert world.payment.of_ticket(ticket, Sender("app-a", "gateway", "police")).acting == CITIZEN
    with pytest.raises(TokenInvalid):
        world.payment.of_ticket(ticket, Sender("app-b", "gateway", "police"))
    with pytest.raises(ContextNotAllowed, match=r"of an app of 'police'; context\.tenant is 'tax'"):
        world.payment.of_ticket(ticket, Sender("app-a", "gateway", "tax"))


@pytest.mark.parametrize(("issuer", "audience"), [
    ("gateway", "elicence"), ("notification", "payment"), ("payment", "payment"), ("sandbox", "payment")])
def test_a_ticket_for_another_service_or_of_another_issuer_is_refused(world: World, issuer: str, audience: str) -> None:
    with pytest.raises(TokenInvalid):
        world.payment.of_ticket(world.ticket(issuer, audience=audience), Sender("matter", None, None))


def test_a_service_cannot_sign_in_the_name_of_another(world: World) -> None:
    """Its key is known, under its own name only."""
    signer = TicketSigner(world.keys.signing_key("matter"), issuer="gateway")
    forged = signer.sign(CITIZEN, app="app-a", department="police", audience=["payment"], at=AT)
    with pytest.raises(TokenInvalid):
        world.payment.of_ticket(forged, Sender("matter", None, None))


def test_a_proof_ends_also_where_its_verdict_was_kept(world: World) -> None:
    token, ticket = world.token(), world.ticket()
    world.matter.of_token(token, APP)
    world.payment.of_ticket(ticket, Sender("matter", None, None))
    world.clock.advance(timedelta(minutes=6))
    with pytest.raises(TokenExpired):
        world.payment.of_ticket(ticket, Sender("matter", None, None))
    assert world.matter.of_token(token, APP).acting == CITIZEN
    world.clock.advance(timedelta(minutes=5))
    with pytest.raises(TokenExpired):
        world.matter.of_token(token, APP)


def test_a_ticket_never_outlives_its_token(world: World) -> None:
    token = world.token(lifetime=timedelta(minutes=2))
    ticket = world.matter.of_token(token, APP).ticket
    assert ticket is not None
    world.clock.advance(timedelta(minutes=3))
    with pytest.raises(TokenExpired):
        world.payment.of_ticket(ticket, Sender("matter", None, None))


def test_a_ticket_is_signed_again_before_it_ends(world: World) -> None:
    token = world.token()
    first = world.matter.of_token(token, APP).ticket
    world.clock.advance(timedelta(minutes=3))
    assert world.matter.of_token(token, APP).ticket == first
    world.clock.advance(timedelta(minutes=1, seconds=30))
    second = world.matter.of_token(token, APP).ticket
    assert second is not None and second != first
    world.clock.advance(timedelta(minutes=2))
    assert world.payment.of_ticket(second, Sender("matter", None, None)).acting == CITIZEN


def _changed(text: str, part: int, **changes: Any) -> str:
    parts = text.split(".")
    content = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    parts[part] = base64.urlsafe_b64encode(json.dumps({**content, **changes}).encode()).decode().rstrip("=")
    return ".".join(parts)


@pytest.mark.parametrize(("part", "changes"), [
    (1, {"sub": "sub_2"}), (1, {"level": 3}), (1, {"scope": "licence order case"}), (1, {"client_id": "app-a"}),
    (1, {"exp": 2_000_000_000}), (1, {"aud": "production"}), (0, {"alg": "none"}), (0, {"alg": "HS256"}),
    (0, {"kid": "gateway/1"}), (0, {"kid": "../../etc/passwd"}), (0, {"kid": ["sandbox/1"]}),
    (0, {"typ": "ticket+jwt"}), (0, {"jku": "https://attacker.example/keys"}), (0, {"kid": None}),
])  # fmt: skip
def test_a_changed_token_is_refused(world: World, part: int, changes: dict[str, Any]) -> None:
    token = world.token(app="app-b" if "client_id" in changes else "app-a")
    with pytest.raises(TokenInvalid):
        world.matter.of_token(_changed(token, part, **changes), APP)


def test_a_key_of_the_forger_is_refused(world: World) -> None:
    forger = AccessTokenSigner(SigningKey.generate("sandbox/1"), issuer="sandbox", realm="sandbox")
    with pytest.raises(TokenInvalid):
        world.matter.of_token(forger.sign(CITIZEN, app="app-a", at=AT), APP)


def test_a_token_is_no_ticket_and_a_ticket_no_token(world: World) -> None:
    both = TokenSigner(world.keys.signing_key("gateway"), issuer="gateway", typ="at+jwt").sign(
        {**claims_of(CITIZEN), "app": "app-a", "department_of_app": "police"}, audience=["payment"], at=AT,
        lifetime=timedelta(minutes=1))
    with pytest.raises(TokenInvalid):
        world.payment.of_ticket(both, Sender("matter", None, None))
    with pytest.raises(TokenInvalid):
        world.matter.of_token(world.ticket("sandbox", audience="sandbox"), APP)


def test_a_proof_that_was_made_to_live_too_long_is_refused(world: World) -> None:
    long_lived = TokenSigner(world.keys.signing_key("sandbox"), issuer="sandbox", typ="at+jwt").sign(
        {**claims_of(CITIZEN), "client_id": "app-a"}, audience="sandbox", at=AT, lifetime=timedelta(hours=1))
    with pytest.raises(TokenInvalid):
        world.matter.of_token(long_lived, APP)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts whose signature is verified from now on."""
    verified: list[str] = []
    original = tokens.verified_claims

    def verify(token: str, *given: Any, **more: Any) -> dict[str, Any]:
        verified.append(token)
        return original(token, *given, **more)

    monkeypatch.setattr(access_tokens, "verified_claims", verify)
    monkeypatch.setattr(tokens, "verified_claims", verify)
    return verified


def test_wrong_tokens_are_limited_by_caller_before_a_signature_is_computed(
    world: World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified = counted(monkeypatch)
    good = world.token()
    world.matter.of_token(good, APP)
    for number in range(failures.MOST_FAILURES + 10):
        with pytest.raises((TokenInvalid, TooManyFailures)):
            world.matter.of_token(f"e30.e30.{number}", APP)
    assert len(verified) <= 1 + failures.MOST_FAILURES
    with pytest.raises(TooManyFailures) as caught:
        world.matter.of_token(world.token(CLERK), APP)
    assert 0 < caught.value.details["retry_after_s"] <= failures.WITHIN_S
    # Sessions that are known go on, and other apps are not touched.
    assert world.matter.of_token(good, APP).acting == CITIZEN
    assert world.matter.of_token(world.token(app="app-b"), Sender("app-b", None, "tax")).acting == CITIZEN
    world.clock.advance(timedelta(seconds=failures.WITHIN_S))
    assert world.matter.of_token(world.token(CLERK), APP).acting == CLERK


def test_the_same_wrong_token_is_verified_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = counted(monkeypatch)
    for _ in range(5):
        with pytest.raises(TokenInvalid):
            world.matter.of_token("e30.e30.x", APP)
    assert len(verified) == 1


@pytest.mark.parametrize("changes", [
    {"sub": None}, {"sub": "a b"}, {"sub": 5}, {"sid": ""}, {"kind": "god"}, {"level": -1}, {"level": True},
    {"level": 2.0}, {"scope": ["licence"]}, {"scope": "a\u4e2d"}, {"act": "sub_2"}, {"act": {"sub": "sub_2"}},
    {"act": {"sub": "sub_2", "mandate": "m", "scopes": "licence"}}, {"kind": "officer"},
    {"act": {"sub": "sub_2", "mandate": "m", "limit_minor": -1}},
    {"kind": "officer", "department": "d", "roles": ["a"], "act": {"sub": "sub_2", "mandate": "m"}},
    {"kind": "officer", "department": "d", "roles": [["a"]]}, {"scope": " ".join(map(str, range(65)))},
])  # fmt: skip
def test_claims_of_another_form_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        acting_of({**claims_of(CITIZEN), **changes})


def test_a_mandate_counts_only_when_act_names_it() -> None:
    with pytest.raises(ValueError, match="no mandate"):
        claims_of(CITIZEN._replace(principal="sub_2"))
