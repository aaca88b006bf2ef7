"""Dead letters never hold up a service: the oldest go, somebody is told, and one sender cannot push out the others'."""
from __future__ import annotations

import json
import logging
import threading
from typing import Any

import orjson
import pytest

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.errors import BrokerUnavailable, MalformedMessage
from shared_components.bus.server import dead_letters
from shared_components.bus.server.dead_letters import DeadLetters, Level, Shares
from shared_components.cli.status import _dead_letter_troubles
from shared_components.observability.metrics import METRICS
from tests.cases.deployed import deployed
from tests.faults.asking import RawUser
from tests.faults.deployed import SHIPPED
from tests.faults.lab import Lab
from tests.integration.bus_harness import PATIENCE_S, wait_until

FEW = 20


@pytest.mark.integration
def test_a_service_whose_dead_letter_queue_is_full_goes_on(lab: Lab) -> None:
    """With `reject-publish` each letter came again at once, and nobody was served any more."""
    policies = {one["name"]: one["definition"] for one in json.loads(SHIPPED.read_text())["policies"]}
    with deployed(lab) as payment, RawUser(payment.urls["app-demo"]) as app:
        small = json.dumps({**policies["dead"], "max-length": FEW})
        lab.rabbitmq.ctl("set_policy", "-p", payment.world.vhost, "--priority", "9", "few", r"^dead\.", small)
        for number in range(5 * FEW):
            app.publish(b"{", "payment.calls", user_id="app-demo", content_type=names.CALLS_CONTENT_TYPE,
                        message_id=f"msg_{number}")  # fmt: skip
        for _ in range(3):
            assert payment.answers()
        last = f"msg_{5 * FEW - 1}"
        wait_until(lambda: last in [letter.message_id for letter in payment.world.dead("payment")], "the last letter")
        assert payment.world.depth("dead.payment") <= FEW


class Message:
    body = b"{"

    def __init__(self, user: str, tag: int = 1) -> None:
        self.properties = {"user_id": user}
        self.delivery_info = {"delivery_tag": tag, "exchange": "nameko-rpc", "routing_key": "echo.calls"}


class AckedConnection:
    closed = False

    def __init__(self) -> None:
        self.acked: list[Any] = []

    def ack(self, tag: Any) -> None:
        self.acked.append(tag)


class Publisher:
    def __init__(self, *, refuses: bool = False) -> None:
        self.published: list[Any] = []
        self.refuses, self.tried = refuses, 0

    def publish(self, messages: list[Any]) -> None:
        self.tried += 1
        if self.refuses:
            raise BrokerUnavailable
        self.published += messages


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> DeadLetters:
    monkeypatch.setattr(dead_letters, "backoff_s", lambda attempt: 0.001)
    configuration = {"broker": {"url": "inproc://full", "heartbeat_s": 0}, "bus": {"confirm_timeout_s": 1}}
    made = DeadLetters(configuration, "echo")
    monkeypatch.setattr(made.level, "look", lambda: None)
    return made


def lost(why: str) -> float:
    return float(METRICS.child(METRICS.dead_letters_lost, "echo", why)._value.get())


def test_a_flood_of_one_sender_leaves_the_letters_of_others(letters: DeadLetters) -> None:
    letters.publisher, letters._shares = Publisher(), Shares(most=10)  # type: ignore[assignment]
    connection, before = AckedConnection(), lost("the sender's share is used up")
    for number in range(50):
        letters._dead_letter(connection, Message("mallory", number), MalformedMessage(), "", lambda: None)  # type: ignore[arg-type]
    letters._dead_letter(connection, Message("app-demo", 50), MalformedMessage(), "", lambda: None)  # type: ignore[arg-type]
    assert len(letters.publisher.published) == 11  # type: ignore[attr-defined]
    assert connection.acked == list(range(51))
    assert lost("the sender's share is used up") == before + 40
    for number in range(20):
        letters._dead_letter(connection, Message("till", number), MalformedMessage(), "events.echo.x", lambda: None)  # type: ignore[arg-type]
    assert len(letters.publisher.published) == 31, "what can be sent again is always kept"  # type: ignore[attr-defined]


def test_a_share_is_renewed_after_its_time() -> None:
    shares = Shares(most=1, within_s=0.0)
    assert shares.take("a") and shares.take("a")
    assert Shares(most=0).take("a") is False


def test_a_letter_of_a_call_that_the_broker_does_not_take_holds_up_nobody(letters: DeadLetters) -> None:
    letters.publisher = Publisher(refuses=True)  # type: ignore[assignment]
    connection, done, before = AckedConnection(), [], lost("the broker does not take it")
    letters._dead_letter(connection, Message("app"), MalformedMessage(), "", lambda: done.append(1))  # type: ignore[arg-type]
    assert (connection.acked, done, lost("the broker does not take it")) == ([1], [1], before + 1)


def test_a_letter_of_an_event_is_held_until_the_broker_takes_it(letters: DeadLetters) -> None:
    publisher = letters.publisher = Publisher(refuses=True)  # type: ignore[assignment]
    connection = AckedConnection()
    letters.take(connection, Message("till"), MalformedMessage(), queue="events.echo.x")  # type: ignore[arg-type]
    wait_until(lambda: publisher.tried > 3 * dead_letters.TRIES, "many tries")
    assert not connection.acked
    publisher.refuses = False
    wait_until(lambda: connection.acked == [1], "the letter is laid down")


def test_a_letter_whose_connection_is_lost_is_offered_no_more(letters: DeadLetters) -> None:
    """The broker gives its message again: a thread that went on would never end, and there would be two letters."""
    publisher = letters.publisher = Publisher(refuses=True)  # type: ignore[assignment]
    connection, done = AckedConnection(), []
    working = threading.Thread(target=letters._dead_letter, daemon=True, args=(
        connection, Message("till"), MalformedMessage(), "events.echo.x", lambda: done.append(1)))
    working.start()
    wait_until(lambda: publisher.tried > dead_letters.TRIES, "many tries")
    connection.closed = True
    working.join(PATIENCE_S)
    assert (working.is_alive(), connection.acked, done) == (False, [], [])


def test_letters_that_are_pushed_out_are_counted_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(topology, "DEAD_LETTERS", 3)
    connection = BrokerConnection("inproc://level", heartbeat_s=0)
    topology.declare_dead_letters(connection.channel, "echo")
    level = Level("inproc://level", "echo")
    dropped = METRICS.child(METRICS.dead_letters_dropped, "echo")._value
    before = dropped.get()
    for _ in range(3):
        connection.publish(
            orjson.dumps({}), exchange=names.DEAD_EXCHANGE, routing_key="echo", content_type="text/plain")
    level.look()
    level._next_look = 0.0
    with caplog.at_level(logging.ERROR):
        level.look()
    assert METRICS.child(METRICS.dead_letter_level, "echo")._value.get() == 3
    assert dropped.get() == before + 2 and "bus.dead_letters.full" in caplog.text
    connection.close()


def test_status_says_when_the_oldest_letters_are_about_to_go() -> None:
    assert _dead_letter_troubles(0) == _dead_letter_troubles(None) == []
    assert _dead_letter_troubles(5) == ["dead letters"]
    assert "the oldest go" in _dead_letter_troubles(95_000)[0]
