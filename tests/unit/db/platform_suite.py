"""Promises of the platform's tables, on whichever database the subclass gives (a fixture `database`)."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from shared_components.db import Database, WriteRace, inbox, leases, operations, outbox, purge
from shared_components.db.operations import StoredOperation

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def operation(number: int, at: datetime = NOW) -> dict[str, Any]:
    return {
        "caller": "gateway", "subject": "", "principal": "", "op_id": f"op-{number}",
        "method": "create_order", "request_hash": "hash",
        "reply": b'{"\xe5\x8f\xb7":1}', "created_at": at,
    }  # fmt: skip


def waiting(number: int, at: datetime = NOW) -> dict[str, Any]:
    return {
        "event_id": f"evt_{number:04}", "type": "order-paid", "version": 1, "aggregate": "pay_1", "sequence": number,
        "tenant_id": "health", "data": {"n": number, "名": "件"}, "occurred_at": at, "traceparent": None,
    }  # fmt: skip


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run in the block, the transaction's own set-up left out."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        *_opening, own = statement.rsplit("'; ", 1)  # BEGIN; SET LOCAL zhongtai.tenants = '…'; and what it is for
        if not own.startswith(("PRAGMA", "BEGIN")):
            statements.append(own)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


class PlatformTables:
    def test_an_operation_is_found_again_with_its_reply(self, database: Database) -> None:
        with database.transaction() as session:
            operations.record(session, [operation(1), operation(2)])
        with database.transaction() as session:
            found = operations.find(session, [
                ("gateway", "", "", "op-1"), ("gateway", "", "", "op-9"), ("matter", "", "", "op-2")])
        assert found == {("gateway", "", "", "op-1"): StoredOperation(**operation(1))}

    def test_a_group_takes_one_statement_each_however_large_it_is(self, database: Database) -> None:
        group = [operation(number) for number in range(256)]
        events = [waiting(number) for number in range(256)]
        ids = [one["event_id"] for one in events]
        with counted(database) as statements, database.transaction() as session:
            operations.find(session, [(one["caller"], "", "", one["op_id"]) for one in group])
            operations.record(session, group)
            outbox.add(session, events)
            outbox.delete(session, ids)
            inbox.unseen(session, "matter", ids)
            inbox.mark(session, "matter", ids, now=NOW)
        assert len(statements) == 6

    def test_the_slower_of_two_equal_operations_is_undone_whole(self, database: Database) -> None:
        with database.transaction() as session:
            operations.record(session, [operation(1)])
        with pytest.raises(WriteRace), database.transaction() as session:
            outbox.add(session, [waiting(1)])
            operations.record(session, [operation(2), operation(1)])
        with database.reading() as session:
            assert outbox.lag(session).waiting == 0
            assert operations.find(session, [("gateway", "", "", "op-2")]) == {}

    def test_an_event_is_handled_once_for_each_consumer(self, database: Database) -> None:
        with database.transaction() as session:
            assert inbox.unseen(session, "matter", ["a", "b"]) == {"a", "b"}
            inbox.mark(session, "matter", ["a"], now=NOW)
        with database.transaction() as session:
            assert inbox.unseen(session, "matter", ["a", "b"]) == {"b"}
            assert inbox.unseen(session, "notification", ["a"]) == {"a"}
        with pytest.raises(WriteRace), database.transaction() as session:
            inbox.mark(session, "matter", ["b", "a"], now=NOW)
        with database.reading() as session:
            assert inbox.unseen(session, "matter", ["b"]) == {"b"}

    def test_what_a_crash_left_is_claimed_once_in_order_and_again_when_the_claim_is_over(
        self, database: Database
    ) -> None:
        rows = [waiting(number, NOW - timedelta(seconds=60 - number)) for number in (3, 1, 2)] + [waiting(4)]
        with database.transaction() as session:
            outbox.add(session, rows)
        claimed = self.claim(database, NOW)
        assert [row["sequence"] for row in claimed] == [1, 2, 3]
        assert claimed[0] == {**rows[1], "created_at": rows[1]["occurred_at"]}
        assert self.claim(database, NOW) == []
        assert len(self.claim(database, NOW + timedelta(seconds=31))) == 4

    def test_the_first_that_waits_before_given_events_is_found_in_one_statement(self, database: Database) -> None:
        mine, others = waiting(5), [waiting(number) for number in (0, 2, 3, 4, 6)]
        alone = {**waiting(9), "aggregate": "pay_2"}
        with database.transaction() as session:
            outbox.add(session, [mine, alone, *others])
        with counted(database) as statements, database.transaction() as session:
            assert outbox.first_waiting(session, [mine, alone], ["evt_0002"]) == {"pay_1": 3}
            assert outbox.first_waiting(session, [], []) == {}
        assert sum("outbox" in statement for statement in statements) == 1

    def test_a_shortened_claim_ends_sooner(self, database: Database) -> None:
        with database.transaction() as session:
            outbox.add(session, [waiting(number, NOW - timedelta(seconds=60)) for number in (1, 2)])
        self.claim(database, NOW)
        with database.transaction() as session:
            outbox.shorten_claim(session, ["evt_0002"], NOW + timedelta(seconds=2))
        assert [row["sequence"] for row in self.claim(database, NOW + timedelta(seconds=3))] == [2]

    def test_lag_counts_what_waits_and_delete_forgets_it(self, database: Database) -> None:
        with database.transaction() as session:
            ids = outbox.add(session, [waiting(1), waiting(2, NOW - timedelta(seconds=9))])
        with database.transaction() as session:
            assert outbox.lag(session) == outbox.OutboxLag(2, NOW - timedelta(seconds=9))
            assert outbox.delete(session, ids) == 2
            assert outbox.lag(session) == outbox.OutboxLag(0, None)

    @staticmethod
    def claim(database: Database, now: datetime) -> list[dict[str, Any]]:
        with database.transaction() as session:
            return outbox.claim(session, limit=10, older_than_s=5, now=now)

    def test_a_lease_has_one_holder_until_it_ends_or_is_let_go(self, database: Database) -> None:
        def acquire(holder: str, now: datetime | None) -> bool:
            with database.transaction() as session:
                return leases.acquire(session, "sweep", holder, 10, now=now)

        assert acquire("a", NOW)
        assert not acquire("b", NOW + timedelta(seconds=9))
        assert acquire("a", NOW + timedelta(seconds=9))
        assert not acquire("b", NOW + timedelta(seconds=11))
        assert acquire("b", NOW + timedelta(seconds=20))
        with database.transaction() as session:
            leases.release(session, "sweep", "a")
        assert not acquire("a", NOW + timedelta(seconds=21))
        with database.transaction() as session:
            leases.release(session, "sweep", "b")
        assert acquire("a", None)  # the database's own clock
        assert not acquire("b", None)

    def test_a_purge_goes_in_small_pieces_and_leaves_the_young(self, database: Database) -> None:
        with database.transaction() as session:
            old = NOW - timedelta(days=40)
            operations.record(session, [operation(number, old) for number in range(5)] + [operation(9)])
            inbox.mark(session, "matter", ["old"], now=old)
        with database.transaction() as session:
            before = NOW - timedelta(days=30)
            pieces = [purge.purge_operations(session, before=before, limit=3) for _ in range(3)]
            assert pieces == [3, 2, 0]
            assert purge.purge_inbox(session, before=before) == 1
            assert operations.find(session, [("gateway", "", "", "op-9")])
