"""A group of events: each succeeds or fails by itself, in few transactions."""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from shared_components.bus.server.entrypoints import on_event
from shared_components.bus.server.event_batch import Handling, one_by_one, run_events
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.bus.server.step_hook import NO_HOOK
from shared_components.bus.server.transactions import Transactions
from shared_components.contracts import ServiceContract
from shared_components.db import Database, DatabaseUnavailable
from shared_components.db.tables import platform
from shared_components.kernel.calls import Event
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.errors import Conflict

GROUP = 256


class CountedDatabase(Database):
    """Counts the transactions that were begun. down: it cannot be reached."""

    begun, pings, down = 0, 0, False

    @contextmanager
    def transaction(self, *given: Any, **named: Any) -> Iterator[Any]:
        self.begun += 1
        if self.down:
            raise DatabaseUnavailable
        with super().transaction(*given, **named) as session:
            yield session

    def ping(self) -> None:
        self.pings += 1
        if self.down:
            raise DatabaseUnavailable


@pytest.fixture
def database(tmp_path: Path) -> Iterator[CountedDatabase]:
    database = CountedDatabase(f"sqlite:///{tmp_path}/events.db", "test")
    with database.engine.begin() as connection:
        platform.create_all(connection)
        connection.execute(text("CREATE TABLE effects (id TEXT)"))
    yield database
    database.dispose()


def group_of(count: int) -> list[Handling]:
    return [
        Handling(Event(f"evt_{n}", "sent", "emitter", datetime.now(UTC), f"a{n}", "default", {"n": n}), "listener")
        for n in range(count)
    ]  # fmt: skip


def run(database: Database, group: Sequence[Handling], fails: Callable[[int], Exception | None]) -> list[int]:
    """Gives the numbers whose effects were committed."""
    provider: Any = SimpleNamespace(
        database=database, clock=SystemClock(), settings={}, secrets=None, make=lambda scope: scope,
        contract=ServiceContract("test", "1.0", {}, ()), relay=SimpleNamespace(committed=None), step_hook=NO_HOOK)

    def handle(service: Any, tx: TransactionScope, event: Event) -> None:
        tx.session.execute(text("INSERT INTO effects VALUES (:id)"), {"id": event.id})
        error = fails(event.data["n"])
        if error is not None:
            raise error

    run_events(SimpleNamespace(transactions=Transactions(provider)), one_by_one(handle), group, own_transactions=False)
    with database.reading() as session:
        return sorted(int(row.id.removeprefix("evt_")) for row in session.execute(text("SELECT id FROM effects")))


def test_a_group_is_one_transaction(database: CountedDatabase) -> None:
    group = group_of(GROUP)
    assert run(database, group, lambda n: None) == list(range(GROUP))
    assert database.begun == 1
    assert not any(handling.error for handling in group)


@pytest.mark.parametrize("bad", [[0], [77], [255], [3, 200]])
def test_a_failing_event_is_found_in_few_transactions_and_its_neighbours_are_handled(
    database: CountedDatabase, bad: list[int],
) -> None:
    group = group_of(GROUP)
    done = run(database, group, lambda n: Conflict() if n in bad else None)
    assert done == [n for n in range(GROUP) if n not in bad]
    assert [n for n, handling in enumerate(group) if handling.error == "conflict"] == bad
    assert sum(handling.error is not None for handling in group) == len(bad)
    assert database.begun <= 1 + 16 * len(bad)


def test_a_bug_is_told_once_and_named_by_its_kind(database: CountedDatabase, caplog: pytest.LogCaptureFixture) -> None:
    group = group_of(8)
    with caplog.at_level(logging.WARNING):
        run(database, group, lambda n: ZeroDivisionError() if n == 5 else None)
    assert [handling.error for handling in group if handling.error] == ["ZeroDivisionError"]
    assert [record.message for record in caplog.records] == ["bus.event.failed"]


def test_an_event_that_was_handled_before_has_no_second_effect(database: CountedDatabase) -> None:
    run(database, group_of(3), lambda n: None)
    again = group_of(5) + group_of(5)
    assert run(database, again, lambda n: None) == list(range(5))
    assert not any(handling.error for handling in again)


def test_a_database_that_is_away_is_asked_twice_however_large_the_group(database: CountedDatabase) -> None:
    group = group_of(GROUP)
    database.down = True
    assert run(database, group, lambda n: None) == []
    assert (database.begun, database.pings) == (1, 1)
    assert {handling.error for handling in group} == {"db.unavailable"}


def test_a_database_that_is_back_loses_no_event_its_turn(database: CountedDatabase) -> None:
    group, away = group_of(8), iter([DatabaseUnavailable()])
    assert run(database, group, lambda n: next(away, None)) == list(range(8))
    assert not any(handling.error for handling in group)


@pytest.mark.parametrize(("failures", "error"), [(1, None), (2, "conflict")])
def test_an_event_that_came_alone_is_tried_twice(database: CountedDatabase, failures: int, error: str | None) -> None:
    group, tries = group_of(1), iter([Conflict()] * failures)
    run(database, group, lambda n: next(tries, None))
    assert (database.begun, group[0].error) == (2, error)


def test_a_bulk_handler_takes_all_that_wait_at_once(database: CountedDatabase) -> None:
    taken: list[int] = []
    listen(database, lambda tx, events: taken.append(len(events)), group_of(GROUP))
    assert taken == [GROUP]


def listen(
    database: Database, take: Callable[[Any, Sequence[Event]], None], group: Sequence[Handling] | None = None,
    **options: bool,
) -> None:
    """Run a bulk handler as a service declares it. group: None is two events."""
    provider: Any = SimpleNamespace(
        database=database, clock=SystemClock(), settings={}, secrets=None, make=lambda scope: scope,
        contract=ServiceContract("test", "1.0", {}, ()), relay=SimpleNamespace(committed=None), step_hook=NO_HOOK)

    class Listener:
        transactions = Transactions(provider)

        @on_event("emitter", "sent", bulk=True, **options)
        def hear(self, tx: TransactionScope, events: Sequence[Event]) -> None:
            take(tx, events)

    Listener().hear(group_of(2) if group is None else group)  # type: ignore[call-arg, arg-type]


def run_own(
    database: Database, group: Sequence[Handling], take: Callable[[Sequence[int]], None], *, idempotent: bool = False,
) -> None:
    """With a bulk handler that has its own transactions."""
    provider: Any = SimpleNamespace(
        database=database, clock=SystemClock(), settings={}, secrets=None, make=lambda scope: scope,
        contract=ServiceContract("test", "1.0", {}, ()), relay=SimpleNamespace(committed=None), step_hook=NO_HOOK)
    run_events(
        SimpleNamespace(transactions=Transactions(provider)),
        lambda service, transactions, events: take([event.data["n"] for event in events]),
        group, own_transactions=True, bulk=True, idempotent=idempotent)


def test_a_bulk_handler_with_its_own_transactions_takes_all_that_wait_and_none_twice(database: CountedDatabase) -> None:
    taken: list[Sequence[int]] = []
    run_own(database, [*group_of(4), *group_of(2)], taken.append)
    run_own(database, group_of(6), taken.append)
    assert taken == [[0, 1, 2, 3], [4, 5]]
    assert database.begun == 2


def test_a_failing_event_of_a_group_with_its_own_transactions_is_found(database: CountedDatabase) -> None:
    group, done = group_of(8), set[int]()

    def take(numbers: Sequence[int]) -> None:
        if 5 in numbers:
            raise Conflict
        done.update(numbers)

    run_own(database, group, take)
    assert [n for n, handling in enumerate(group) if handling.error] == [5]
    assert done == {0, 1, 2, 3, 4, 6, 7}


@pytest.mark.parametrize("other", ["bulk", "own_transactions"])
def test_a_handler_in_order_is_neither_bulk_nor_outside_the_transaction(other: str) -> None:
    with pytest.raises(ValueError, match="with ordered neither bulk nor own_transactions"):
        on_event("emitter", "sent", ordered=True, **{other: True})


def test_an_idempotent_handler_leaves_no_mark_and_bears_a_repetition(database: CountedDatabase) -> None:
    taken: list[Sequence[str]] = []
    for _ in range(2):
        listen(database, lambda tx, events: taken.append([event.id for event in events]), idempotent=True)
    assert taken == [["evt_0", "evt_1"], ["evt_0", "evt_1"]], "the inbox would have kept the second"
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM inbox")).scalar() == 0


def test_an_idempotent_handler_with_its_own_transactions_costs_none_beside_them(database: CountedDatabase) -> None:
    taken: list[Sequence[int]] = []
    run_own(database, [*group_of(4), *group_of(2)], taken.append, idempotent=True)
    assert taken == [[0, 1, 2, 3]]
    assert database.begun == 0


@pytest.mark.parametrize("own", [False, True])
def test_a_failing_event_of_an_idempotent_group_is_found(database: CountedDatabase, own: bool) -> None:
    group, done = group_of(8), set[str]()

    def take(tx: Any, events: Sequence[Event]) -> None:
        if "evt_5" in {event.id for event in events}:
            raise Conflict
        done.update(event.id for event in events)

    listen(database, take, group, idempotent=True, own_transactions=own)
    assert [n for n, handling in enumerate(group) if handling.error] == [5]
    assert done == {f"evt_{n}" for n in range(8) if n != 5}


def test_only_a_handler_of_groups_may_be_idempotent() -> None:
    with pytest.raises(ValueError, match="idempotent is allowed with bulk only"):
        on_event("emitter", "sent", idempotent=True)
