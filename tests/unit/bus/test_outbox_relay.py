"""Events leave the outbox once they are published: many of them in one transaction, and none that was not confirmed."""
from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from shared_components.bus.errors import BrokerUnavailable
from shared_components.bus.outbox_relay import OutboxRelay
from shared_components.db import ALL_TENANTS, Database, migrate, outbox
from tests.unit.db.conftest import notes_package as notes_package
from tests.unit.db.platform_suite import waiting


class Publisher:
    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.down = False

    def publish(self, messages: Sequence[Any]) -> None:
        if self.down:
            raise BrokerUnavailable
        self.messages += messages


@pytest.fixture
def relay(tmp_path: Path, notes_package: str) -> OutboxRelay:
    url = f"sqlite:///{tmp_path}/relay.db"
    migrate(url, "notes", package=notes_package)
    relay: OutboxRelay = object.__new__(OutboxRelay)
    relay.service, relay.publisher, relay.database = "notes", Publisher(), Database(url, "notes")
    relay._published, relay._to_delete = deque(), Event()
    return relay


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
    assert (len(relay.publisher.messages), left(relay)) == (20, 20)
    deletions: list[str] = []
    assert relay.database is not None
    event.listen(relay.database.engine, "before_cursor_execute", lambda *given: deletions.append(given[2]))
    relay._delete_published()
    assert len([statement for statement in deletions if statement.startswith("DELETE")]) == 1
    assert left(relay) == 0


def test_an_event_that_was_not_confirmed_stays(relay: OutboxRelay) -> None:
    relay.publisher.down = True
    add_and_publish(relay, 1)
    relay._delete_published()
    assert left(relay) == 1
