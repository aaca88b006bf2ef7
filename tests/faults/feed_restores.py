"""Feeds whose producer or copy is restored from a backup, or whose entries behind a copy are gone."""
from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, delete, insert, select

from shared_components.db import ALL_TENANTS, Database
from shared_components.db.feeds.pages import LEASE_S
from shared_components.db.feeds.tables import confirmations, copied, entries, heads, positions
from tests.faults.world import World

PRODUCED, KEPT = (heads, entries, confirmations), (copied, positions)
Backup = Mapping[str, Sequence[Mapping[str, Any]]]
RESTORING_S = LEASE_S + 0.5
"""A restore takes longer than a lease (docs/adr/054): nobody decides while it runs."""


@contextmanager
def _database(world: World, service: str) -> Iterator[Database]:
    database = Database(world.database_url, service, pool_size=1)
    yield database
    database.dispose()


def backup(world: World, service: str, tables: Sequence[Table]) -> Backup:
    """Take all rows of these tables."""
    with _database(world, service) as database, database.reading(ALL_TENANTS) as session:
        return {table.name: [dict(row) for row in session.execute(select(table)).mappings()] for table in tables}


def restore(world: World, service: str, tables: Sequence[Table], kept: Backup) -> None:
    """Stop the service's processes, write the backup, and start as many."""
    running = [worker for worker in world.workers.running() if service in worker.services]
    for worker in running:
        worker.kill()
    time.sleep(RESTORING_S)
    with _database(world, service) as database, database.transaction(ALL_TENANTS) as session:
        for table in tables:
            session.execute(delete(table))
            if kept[table.name]:
                session.execute(insert(table), list(kept[table.name]))
    world.workers.wait_started(*(world.workers.start(service, wait=False) for _ in running))


def lose_entries(world: World, producer: str, copy: str, say: Callable[[str, bool], None]) -> None:
    """Delete the entries at which a copy stands, replaced by later ones, as compaction does after its silence of a day.

    say: states a right again, and waits for the producer's answer.
    """
    asleep = [worker for worker in world.workers.running() if copy in worker.services]
    for worker in asleep:
        worker.process.send_signal(signal.SIGSTOP)
    try:
        with _database(world, copy) as database, database.reading(ALL_TENANTS) as session:
            stands_at = list(session.scalars(select(positions.c.n)))
        with _database(world, producer) as database:
            with database.reading(ALL_TENANTS) as session:
                found = session.execute(select(entries).where(entries.c.n.in_(stands_at))).all()
            for row in found:
                say(row.key, row.data is not None)
            with database.transaction(ALL_TENANTS) as session:
                session.execute(delete(entries).where(entries.c.n.in_([row.n for row in found])))
    finally:
        for worker in asleep:
            worker.process.send_signal(signal.SIGCONT)
