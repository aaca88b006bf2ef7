"""An app reads its own queue: each event is handled once, and one that fails comes again."""
from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from zhongtai_client import event_queue
from zhongtai_client.event_queue import AppUnnamed, EventQueue
from zhongtai_client.events import Event, SqliteInbox, read_event

from shared_components.bus.server.app_queues import UNAVAILABLE, AppQueues
from tests.integration.bus_harness import wait_until
from tests.unit.bus.test_wire_format import example

APP = "app-own"


@pytest.fixture
def broker_url(request: pytest.FixtureRequest) -> str:
    return f"inproc:///queue-{abs(hash(request.node.name))}"


@pytest.fixture
def queues(broker_url: str) -> Iterator[AppQueues]:
    queues = AppQueues(broker_url)
    yield queues
    queues.close()


def put(queues: AppQueues, event_id: str, app: str = APP) -> str | None:
    event = {"id": event_id, "type": "order-paid", "version": 1, "occurred_at": "2026-01-01T00:00:00+00:00",
             "sequence": 3, "data": {"order_id": "pay_1"}}
    headers = {"X-Zhongtai-Event-Id": event_id, "X-Zhongtai-Event": "order-paid", "X-Zhongtai-Delivery": "whd_1"}
    return queues.send(app, headers, json.dumps(event).encode()).failure


@contextmanager
def reading(broker_url: str, inbox: Path, handle: Callable[[Event], object], app: str = APP) -> Iterator[None]:
    queue = EventQueue(broker_url, SqliteInbox(inbox), app=app)
    thread = threading.Thread(target=queue.run, args=(handle,))
    thread.start()
    try:
        yield
    finally:
        queue.stop()
        thread.join(20)
        assert not thread.is_alive()


def test_an_app_handles_each_event_of_its_queue_once(queues: AppQueues, broker_url: str, tmp_path: Path) -> None:
    handled: list[Event] = []
    assert [put(queues, event_id) for event_id in ("evt_1", "evt_1", "evt_2")] == [None] * 3
    with reading(broker_url, tmp_path / "inbox", handled.append):
        wait_until(lambda: len(handled) == 2, "both events are handled")
        put(queues, "evt_1")
        put(queues, "evt_3")
        wait_until(lambda: len(handled) == 3, "the third event is handled")
    assert [event.id for event in handled] == ["evt_1", "evt_2", "evt_3"]
    assert handled[0].data == {"order_id": "pay_1"}


def test_an_event_whose_handling_fails_comes_again(
    queues: AppQueues, broker_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_queue, "LONGEST_PAUSE_S", 0.05)
    tried: list[str] = []

    def handle(event: Event) -> None:
        tried.append(event.id)
        if len(tried) < 3:
            raise ConnectionError("the app's database")

    put(queues, "evt_1")
    with reading(broker_url, tmp_path / "inbox", handle):
        wait_until(lambda: len(tried) == 3, "the event came again")
    assert tried == ["evt_1"] * 3


def test_what_came_ahead_of_a_stop_is_read_by_the_next_process(
    queues: AppQueues, broker_url: str, tmp_path: Path,
) -> None:
    first, then = [], []
    for number in range(5):
        put(queues, f"evt_{number}")
    queue = EventQueue(broker_url, SqliteInbox(tmp_path / "inbox"), app=APP)

    def take_one(event: Event) -> None:
        first.append(event.id)
        queue.stop()

    queue.run(take_one)
    with reading(broker_url, tmp_path / "inbox", lambda event: then.append(event.id)):
        wait_until(lambda: len(first + then) == 5, "the others are handled")
    assert sorted(first + then) == [f"evt_{number}" for number in range(5)]


def test_an_app_that_reads_before_its_queue_exists_waits_for_it(
    queues: AppQueues, broker_url: str, tmp_path: Path,
) -> None:
    handled: list[str] = []
    with reading(broker_url, tmp_path / "inbox", lambda event: handled.append(event.id)):
        put(queues, "evt_1")
        wait_until(lambda: handled == ["evt_1"], "the event is handled")


def test_an_app_gets_nothing_of_another_app_s_queue(queues: AppQueues, broker_url: str, tmp_path: Path) -> None:
    handled: list[str] = []
    put(queues, "evt_1", app="app-other")
    put(queues, "evt_2")
    with reading(broker_url, tmp_path / "inbox", lambda event: handled.append(event.id)):
        wait_until(lambda: bool(handled), "the own event is handled")
    assert handled == ["evt_2"]


def test_a_broker_that_is_away_is_a_failed_attempt_and_no_error() -> None:
    queues = AppQueues("amqp://guest:guest@127.0.0.1:1/")
    assert put(queues, "evt_1") == UNAVAILABLE
    queues.close()


def test_an_event_is_read_as_the_wire_format_shows_it() -> None:
    event = read_event(example("app event").encode())
    assert (event.type, event.sequence, event.data["state"]) == ("order-paid", 3, "paid")


def test_without_a_user_in_the_url_the_app_is_named(tmp_path: Path) -> None:
    with pytest.raises(AppUnnamed):
        EventQueue("inproc:///x", SqliteInbox(tmp_path / "inbox"))
