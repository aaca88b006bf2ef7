"""The platform's tables on PostgreSQL: the suite of tests/unit/db, and what only a server with several sessions has."""
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from shared_components.db import Database, WriteRace, inbox, leases, operations, outbox
from tests.unit.db.platform_suite import NOW, PlatformTables, operation, waiting


class TestPlatformTablesOnPostgresql(PlatformTables):
    pass


def race(work: Callable[[int], object], runners: int) -> list[object]:
    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(work, range(runners)))


def test_of_many_at_once_one_does_the_operation_and_the_rest_are_told(database: Database) -> None:
    def run(number: int) -> str:
        try:
            with database.transaction() as session:
                outbox.add(session, [waiting(number)])
                operations.record(session, [operation(1)])
        except WriteRace:
            return "told"
        return "done"

    assert sorted(map(str, race(run, 3))) == ["done", "told", "told"]
    with database.reading() as session:
        assert outbox.lag(session).waiting == 1


def test_of_many_at_once_one_handles_the_event(database: Database) -> None:
    def run(_number: int) -> str:
        try:
            with database.transaction() as session:
                if not inbox.unseen(session, "matter", ["evt"]):
                    return "seen"
                inbox.mark(session, "matter", ["evt"])
        except WriteRace:
            return "seen"
        return "handled"

    assert race(run, 3).count("handled") == 1


def test_two_sweepers_never_claim_the_same_event_nor_wait_for_each_other(database: Database) -> None:
    with database.transaction() as session:
        outbox.add(session, [waiting(number, NOW - timedelta(minutes=1)) for number in range(10)])
    with database.transaction() as first, database.transaction() as second:
        mine = outbox.claim(first, 4, 5.0, NOW)
        others = outbox.claim(second, 10, 5.0, NOW)
    assert len(mine) == 4
    assert len(others) == 6
    assert not {row["event_id"] for row in mine} & {row["event_id"] for row in others}


def test_of_many_at_once_one_takes_the_lease(database: Database) -> None:
    def run(number: int) -> bool:
        with database.transaction() as session:
            return leases.acquire(session, "sweep", f"holder-{number}", 60)

    assert race(run, 3).count(True) == 1
