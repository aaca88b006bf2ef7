"""A producer and a service with a copy, each with a database of its own."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, insert, select

from shared_components.db import Database
from shared_components.db.feeds import Page, append, read_feed
from shared_components.db.feeds.tables import _produced, copy_metadata

FEED = "authority"


class World:
    """producer, service: their databases."""

    def __init__(self, producer_url: str, service_url: str) -> None:
        self.producer, self.service = Database(producer_url, "producer"), Database(service_url, "service")
        with self.producer.engine.begin() as connection:
            _produced.create_all(connection)
        with self.service.engine.begin() as connection:
            copy_metadata.create_all(connection)

    def say(self, key: str, data: Any) -> int:
        with self.producer.transaction() as session:
            return append(session, FEED, "grant", key, data)

    def ask(self, n: int, digest: str) -> Page:
        with self.producer.transaction() as session:
            return read_feed(session, FEED, "service", n, digest)

    def close(self) -> None:
        self.producer.dispose()
        self.service.dispose()


def backup(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows of a producer or a copy."""
    with database.reading() as session:
        return {table.name: [dict(row) for row in session.execute(select(table)).mappings()]
                for table in _tables(database)}


def restore(database: Database, kept: dict[str, list[dict[str, Any]]]) -> None:
    with database.transaction() as session:
        for table in _tables(database):
            session.execute(delete(table))
            if kept[table.name]:
                session.execute(insert(table), kept[table.name])


def _tables(database: Database) -> list[Any]:
    return (_produced if database.service == "producer" else copy_metadata).sorted_tables


@contextmanager
def world_of(producer_url: str, service_url: str) -> Iterator[World]:
    world = World(producer_url, service_url)
    yield world
    world.close()
