"""No copy of a message holds a token or a ticket that can be read; a redelivered call keeps its person."""
from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from shared_components.bus.amqp import names
from shared_components.bus.amqp.carried_proofs import NO_SEAL, REMOVED, ProofSeal, remove_from
from shared_components.bus.amqp.publisher import Outgoing
from shared_components.bus.amqp.quarantine_messages import fingerprint, pack, unpack
from shared_components.bus.errors import MalformedMessage, ProofRemoved
from shared_components.bus.server.dead_letters import _letter
from shared_components.bus.server.inbound import Reader
from shared_components.bus.server.proof_seal import proof_seal
from tests.cases.test_numbers_from_outside import BUS, Taken
from tests.unit.bus.test_persons_in_a_context import Believing

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzdWJfY2FuYXJ5In0." + "c2lnbmF0dXJl" * 70
PLACES = ("context of a coalesced call", "header of a nameko call")


@pytest.fixture
def seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProofSeal:
    monkeypatch.chdir(tmp_path)
    return proof_seal("echo", {"environment": "development", "security": {}})


def call(place: str, token: str = TOKEN) -> Taken:
    properties: dict[str, Any] = {
        "reply_to": str(uuid4()), "correlation_id": "c1", "user_id": "app-a", "content_type": names.JSON_CONTENT_TYPE}
    if place == PLACES[1]:
        return Taken(b'{"args":[],"kwargs":{}}', properties | {"application_headers": {
            "nameko.token": token, "nameko.version": "2"}}, True)
    body = orjson.dumps([{"id": "1", "method": "x", "context": {"version": "2", "token": token}}])
    return Taken(body, properties | {"content_type": names.CALLS_CONTENT_TYPE}, True)


def is_readable(copy: Outgoing) -> bool:
    return "eyJ" in f"{copy.body!r} {copy.headers}" or "c2lnbmF0dXJl" in f"{copy.body!r} {copy.headers}"


def arrived(copy: Outgoing) -> Taken:
    return Taken(copy.body, {"user_id": "echo", "application_headers": dict(copy.headers)})


@pytest.mark.parametrize("place", PLACES)
def test_in_quarantine_a_token_is_sealed_and_comes_out_as_it_was(place: str, seal: ProofSeal) -> None:
    message = call(place)
    copy = pack(message, "quarantine.echo.calls", "rpc-echo", proofs=seal)
    assert not is_readable(copy)
    assert fingerprint(copy) == fingerprint(pack(message, "quarantine.echo.calls", "rpc-echo", proofs=seal))
    another = pack(call(place, TOKEN + "x"), "quarantine.echo.calls", "rpc-echo", proofs=seal)
    assert fingerprint(copy) != fingerprint(another)
    original = unpack(arrived(copy), "echo", seal)
    assert TOKEN in f"{original.body!r} {original.properties}"


@pytest.mark.parametrize("place", PLACES)
def test_a_call_whose_token_cannot_be_read_any_more_is_refused_and_not_served_as_the_apps_own(place: str) -> None:
    original = unpack(arrived(pack(call(place), "quarantine.echo.calls", "rpc-echo", proofs=NO_SEAL)), "echo", NO_SEAL)
    given = original.properties["application_headers"]
    context = {"token": given["nameko.token"], "version": given["nameko.version"]} if place == PLACES[1] else \
        orjson.loads(original.body)[0]["context"]
    assert context["token"] == REMOVED
    with pytest.raises(ProofRemoved):
        Reader("echo", {}, BUS, Believing())._context("app-a", {**context, "caller": "app-a"}, "op_1", None, 0.0)


def test_another_service_cannot_open_the_seal(tmp_path: Path, seal: ProofSeal) -> None:
    other = proof_seal("payment", {"environment": "development", "security": {}})
    assert other.open(seal.close(TOKEN)) is None
    assert seal.open(seal.close(TOKEN)) == TOKEN and seal.open("x") is None


@pytest.mark.parametrize("form", [
    b'[{"id":"1","context":{"token":"%s"}}]', b'{"ticket" : "%s"}', b'[{"id":"1","context":{"ticket":"%s', b"%s",
    b"{'token': '%s'}", b'"{\\"token\\":\\"%s\\"}"', b"\xff\x00 %s \xff",
])
@pytest.mark.parametrize("token", [TOKEN.encode(), TOKEN.encode()[:60], b"c2lnbmF0dXJl.c2lnbmF0dXJl.c2lnbmF0dXJl"])
def test_no_dead_letter_of_a_call_holds_a_token_also_when_the_message_is_cut(form: bytes, token: bytes) -> None:
    if form in (b"%s", b"\xff\x00 %s \xff") and not token.startswith(b"eyJ"):
        return
    body = form.replace(b"%s", token)
    message = Taken(body, {}, delivery_info={"routing_key": "echo." + TOKEN})
    letter = _letter(message, "bus.malformed-message", MalformedMessage(f"it has {TOKEN}"), "", "echo")
    assert b"c2lnbmF0" not in letter.body and b"eyJ" not in letter.body and "eyJ" not in str(letter.headers)
    assert REMOVED.encode() in remove_from(body)


def test_an_event_that_is_sent_again_stays_as_it_was() -> None:
    body = b'{"data":{"token":"' + TOKEN.encode() + b'"}}'
    assert _letter(Taken(body, {}), "x", MalformedMessage(), "events.echo.on_x", "echo").body == body
    assert pack(Taken(body, {}), "quarantine.echo.events", "events.echo.on_x").body == body
