"""Registers over HTTP: signed questions, and whatever a register may answer instead of an answer."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from marshmallow import ValidationError

from services.matter.cases.domain.outcomes import Refused, Stuck, judge
from services.matter.schemas import MatterSettings
from services.matter.steps.adapters.authorities import SandboxRegisters
from services.matter.steps.adapters.http_registers import (
    FAILURES_TO_OPEN,
    LARGEST_ANSWER,
    LEFT_ALONE_S,
    ConnectedRegisters,
    HttpRegister,
    RegisterAddress,
    RegisterMisconfigured,
    RegisterRefused,
)
from shared_components.kernel.errors import InvalidInput, Unavailable
from shared_components.security.request_signing import RequestVerifier

KEY = b"a key of the register"
QUESTION = {"number": "330106199003070014"}


class Register:
    """A register's server. status, content, pause_s: of its next answers."""

    def __init__(self) -> None:
        self.status, self.content, self.pause_s = 200, b'{"months": 7}', 0.0
        self.asked: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(outer.content)))
                self.end_headers()
                for sign in outer.content if outer.pause_s else ():
                    time.sleep(outer.pause_s)
                    self.wfile.write(bytes([sign]))
                if not outer.pause_s:
                    self.wfile.write(outer.content)

            def log_message(self, *arguments: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = RegisterAddress(
            "residence", f"http://127.0.0.1:{self.server.server_port}/ask", "k1", KEY, 0.5, frozenset({"police"}))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def register() -> Iterator[Register]:
    made = Register()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_question_is_signed_and_its_answer_is_given(register: Register) -> None:
    assert HttpRegister(register.address).ask(QUESTION) == {"months": 7}
    ((headers, body),) = register.asked
    assert RequestVerifier({"k1": KEY}).verify(headers, body, at=datetime.now(UTC)) == "k1"


@pytest.mark.parametrize(("status", "content"), [
    (500, b"{}"), (429, b"{}"), (302, b"{}"), (200, b""), (200, b"[]"), (200, b"{"), (200, b'{"a": 1, "a": 2}'),
    (200, b"\xff"), (200, b'{"a": NaN}'), (200, b'{"a": "' + b"x" * LARGEST_ANSWER + b'"}'),
])
def test_what_is_no_answer_is_asked_again_later(register: Register, status: int, content: bytes) -> None:
    register.status, register.content = status, content
    with pytest.raises(Unavailable) as raised:
        HttpRegister(register.address).ask(QUESTION)
    assert QUESTION["number"] not in raised.value.message
    assert len(register.asked) == 1, "a redirect is not followed"


@pytest.mark.parametrize(("status", "content", "told"), [
    (422, '{"zh": "居住未满六个月", "en": "Resident for less than six months"}', "居住未满六个月"),
    (409, '{"zh": "居住未满六个月"}', RegisterRefused.texts["zh"]), (400, "<html>", RegisterRefused.texts["zh"]),
])
def test_a_definite_no_of_a_register_is_told_to_the_citizen(
    register: Register, status: int, content: str, told: str,
) -> None:
    register.status, register.content = status, content.encode()
    asking = HttpRegister(register.address)
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(RegisterRefused) as raised:
            asking.ask(QUESTION)
    assert len(register.asked) == FAILURES_TO_OPEN + 1, "a no is an answer: the register is not left alone"
    outcome = judge(raised.value)
    assert isinstance(outcome, Refused)
    assert outcome.zh == told
    assert QUESTION["number"] not in raised.value.message


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_register_that_does_not_take_our_questions_is_for_staff_to_mend(register: Register, status: int) -> None:
    register.status = status
    with pytest.raises(RegisterMisconfigured) as raised:
        HttpRegister(register.address).ask(QUESTION)
    assert isinstance(judge(raised.value), Stuck)


def test_a_register_that_dribbles_is_given_up_in_time(register: Register) -> None:
    register.pause_s = 0.2
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="gave no answer"):
        HttpRegister(register.address).ask(QUESTION)
    assert time.monotonic() - begun < 2


def test_a_failing_register_is_left_alone_and_tried_again(register: Register) -> None:
    now = [0.0]
    asking = HttpRegister(register.address, clock=lambda: now[0])
    register.status = 503
    for _ in range(FAILURES_TO_OPEN + 3):
        with pytest.raises(Unavailable):
            asking.ask(QUESTION)
    assert len(register.asked) == FAILURES_TO_OPEN
    register.status, now[0] = 200, LEFT_ALONE_S
    assert [asking.ask(QUESTION) for _ in range(2)] == [{"months": 7}] * 2


def test_only_the_tenants_of_a_register_may_ask_it(register: Register) -> None:
    connected = ConnectedRegisters([register.address], SandboxRegisters())
    assert connected.of("police").names() == ["residence", "traffic-violations"]
    assert connected.of("police").ask("residence", QUESTION) == {"months": 7}
    assert connected.of("tax").names() == ["traffic-violations"]
    with pytest.raises(InvalidInput):
        connected.of("tax").ask("residence", QUESTION)
    assert len(register.asked) == 1


@pytest.mark.parametrize(("url", "allowed"), [
    ("https://register.gov.example/ask", True), ("http://127.0.0.1:9000/ask", True),
    ("http://register.gov.example/ask", False), ("ftp://127.0.0.1/", False), ("https:///ask", False), ("", False),
    ("http://[", False), ("https://register.gov.example:99999/", False),
])
def test_a_question_leaves_the_machine_encrypted_only(url: str, allowed: bool) -> None:
    one = {"name": "residence", "url": url, "key_id": "k1", "secret": "x" * 16}
    try:
        MatterSettings().load({"registers": [one]})
    except ValidationError as error:
        assert not allowed and list(error.messages_dict["registers"][0]) == ["url"]
    else:
        assert allowed


@pytest.mark.parametrize(("tenants", "allowed"), [
    ((["police"], ["tax"]), True), ((["police"], ["police", "tax"]), False), ((None, ["tax"]), False)])
def test_a_name_means_one_register_of_a_tenant(tenants: Any, allowed: bool) -> None:
    registers = [
        {"name": "residence", "url": "https://a.example/", "key_id": "k", "secret": "x" * 16, "tenants": one}
        for one in tenants]
    assert ("registers" not in MatterSettings().validate({"registers": registers})) is allowed
