"""Events leave the outbox once they are published: many of them in one transaction, in the order of their aggregate."""
from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from shared_components.bus.amqp.publisher import Publisher
from shared_components.bus.errors import BrokerUnavailable
from shared_components.bus.server.outbox_relay import OutboxRelay
from shared_components.db import ALL_TENANTS, Database, migrate, outbox
from shared_components.kernel.clock import SystemClock
from tests.unit.db.conftest import notes_package as notes_package
from tests.unit.db.platform_suite import counted, waiting


class PublisherInMemory(Publisher):
    """Keeps what is published; down: it refuses all."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.down = False

    def ready(self) -> bool:
        return True

    def publish(self, messages: Sequence[Any]) -> None:
        if self.down:
            raise BrokerUnavailable
        self.messages += messages


@pytest.fixture
def relay(tmp_path: Path, notes_package: str) -> OutboxRelay:
    url = f"sqlite:///{tmp_path}/relay.db"
    migrate(url, "notes", package=notes_package)
    relay: OutboxRelay = object.__new__(OutboxRelay)
    relay.service, relay.publisher, relay.database = "notes", PublisherInMemory(), Database(url, "notes")
    relay._waiting, relay._held, relay._published = deque(), [], {}
    relay._to_delete, relay._hurry, relay._wake, relay._stopping = Event(), Event(), Event(), Event()
    relay._idle = Event()
    return relay


def publisher_of(relay: OutboxRelay) -> PublisherInMemory:
    assert isinstance(relay.publisher, PublisherInMemory)
    return relay.publisher


def add_and_publish(relay: OutboxRelay, count: int) -> None:
    for number in range(count):
        row = {**waiting(number), "created_at": waiting(number)["occurred_at"]}
        assert relay.database is not None
        with relay.database.transaction(ALL_TENANTS) as session:
            outbox.add(session, [row])
        relay._publish([row])


def left(relay: OutboxRelay) -> int:
    assert relay.database is not None
    with relay.database.reading(ALL_TENANTS) as session:
        return outbox.lag(session).waiting


def test_many_lone_events_are_deleted_in_one_transaction(relay: OutboxRelay) -> None:
    add_and_publish(relay, 20)
    assert (len(publisher_of(relay).messages), left(relay)) == (20, 20)
    deletions: list[str] = []
    assert relay.database is not None
    event.listen(relay.database.engine, "before_cursor_execute", lambda *given: deletions.append(given[2]))
    relay._delete_published()
    assert len([statement for statement in deletions if statement.startswith("DELETE")]) == 1
    assert left(relay) == 0


def test_an_event_that_was_not_confirmed_stays(relay: OutboxRelay) -> None:
    publisher_of(relay).down = True
    add_and_publish(relay, 1)
    relay._delete_published()
    assert left(relay) == 1


def committed(
    relay: OutboxRelay, *sequences: int, aggregate: str = "pay_1", age_s: float = 0.0
) -> list[dict[str, Any]]:
    """Events in the outbox, by whichever process."""
    at = SystemClock().now() - timedelta(seconds=age_s)
    rows = [{**waiting(number, at), "event_id": f"{aggregate}-{number}", "aggregate": aggregate, "created_at": at}
            for number in sequences]  # fmt: skip
    assert relay.database is not None
    with relay.database.transaction(ALL_TENANTS) as session:
        outbox.add(session, rows)
    return rows


def deleted_elsewhere(relay: OutboxRelay, rows: Sequence[Mapping[str, Any]]) -> None:
    assert relay.database is not None
    with relay.database.transaction(ALL_TENANTS) as session:
        outbox.delete(session, [row["event_id"] for row in rows])


def published(relay: OutboxRelay) -> list[str]:
    return [message.message_id for message in publisher_of(relay).messages]


def hand_over(relay: OutboxRelay, rows: Sequence[Mapping[str, Any]]) -> None:
    relay.committed(rows)
    relay._publish_next()


def test_first_and_unordered_events_ask_nobody(relay: OutboxRelay) -> None:
    rows = committed(relay, 0, 1)
    assert relay.database is not None
    with counted(relay.database) as statements:
        hand_over(relay, rows)
    assert statements == []
    assert published(relay) == ["pay_1-0", "pay_1-1"]


def test_a_batch_asks_once_however_many_aggregates_it_has(relay: OutboxRelay) -> None:
    rows = [row for number in range(100) for row in committed(relay, 2, 3, aggregate=f"pay_{number}")]
    asked: list[str] = []
    assert relay.database is not None
    event.listen(relay.database._read_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    hand_over(relay, rows)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
    assert len(published(relay)) == 200


def test_an_event_waits_for_an_earlier_one_of_another_process_and_then_goes(relay: OutboxRelay) -> None:
    others = committed(relay, 2)
    hand_over(relay, committed(relay, 3, 4) + committed(relay, 2, aggregate="pay_2"))
    assert published(relay) == ["pay_2-2"]
    relay._publish_next()
    assert published(relay) == ["pay_2-2"]
    deleted_elsewhere(relay, others)
    relay._publish_next()
    assert published(relay) == ["pay_2-2", "pay_1-3", "pay_1-4"]
    assert relay._held == []
    assert relay._hurry.is_set()  # another process may wait for these in turn


def test_events_of_two_commits_that_overtook_each_other_go_in_order(relay: OutboxRelay) -> None:
    first, second = committed(relay, 2), committed(relay, 3)
    hand_over(relay, second + first)
    assert published(relay) == ["pay_1-2", "pay_1-3"]


def test_an_event_waits_for_none_that_this_process_has_published(relay: OutboxRelay) -> None:
    hand_over(relay, committed(relay, 1))
    hand_over(relay, committed(relay, 2))
    assert published(relay) == ["pay_1-1", "pay_1-2"]
    assert left(relay) == 2


def test_an_event_waits_for_one_whose_publication_failed(relay: OutboxRelay) -> None:
    publisher_of(relay).down = True
    hand_over(relay, committed(relay, 2))
    publisher_of(relay).down = False
    hand_over(relay, committed(relay, 3))
    assert published(relay) == []


def test_what_is_held_too_long_is_left_to_the_sweeper(
    relay: OutboxRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared_components.bus.server.outbox_relay.LONGEST_HELD_S", 0.0)
    committed(relay, 2)
    hand_over(relay, committed(relay, 3))
    relay._publish_next()
    assert relay._held == []
    assert left(relay) == 2


def test_nothing_overtakes_when_the_outbox_cannot_be_asked(
    relay: OutboxRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = committed(relay, 1, 2)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "first_waiting", failing)
        hand_over(relay, rows)
    assert published(relay) == ["pay_1-1"]
    relay._publish_next()
    assert published(relay) == ["pay_1-1", "pay_1-2"]


def failing(*_: Any) -> None:
    raise RuntimeError


def test_the_sweeper_waits_too_and_keeps_no_claim_on_what_it_could_not_publish(relay: OutboxRelay) -> None:
    young = committed(relay, 2)
    committed(relay, 3, 4, age_s=60)
    committed(relay, 1, aggregate="pay_2", age_s=60)
    relay._sweep_once()
    assert published(relay) == ["pay_2-1"]
    deleted_elsewhere(relay, young)
    assert relay.database is not None
    with relay.database.transaction(ALL_TENANTS) as session:
        later = SystemClock().now() + timedelta(seconds=3)
        again = outbox.claim(session, limit=10, older_than_s=5, now=later)
    assert [row["sequence"] for row in again] == [3, 4]


def test_the_sweeper_publishes_what_a_crash_left_in_order(relay: OutboxRelay) -> None:
    committed(relay, 3, age_s=70)
    committed(relay, 1, 2, age_s=60)
    relay._sweep_once()
    assert published(relay) == ["pay_1-1", "pay_1-2", "pay_1-3"]


def test_a_stopping_process_does_not_wait_for_ever_for_what_it_holds(relay: OutboxRelay) -> None:
    relay.publisher.close = lambda: None  # type: ignore[method-assign]
    committed(relay, 2)
    relay._idle.clear()
    hand_over(relay, committed(relay, 3))
    relay.finish(timeout_s=0.1)
    assert left(relay) == 2
