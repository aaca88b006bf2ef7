"""Feeds on PostgreSQL, and what only several sessions have."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from shared_components.db import Database
from shared_components.db.feeds import append, read_feed
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.tables import entries
from tests.integration.db.test_messages import sent
from tests.unit.db.feeds.feeds_suite import Feeds, confirmed
from tests.unit.db.feeds.world import FEED, World, world_of


@pytest.fixture
def world(postgres_url: str) -> Iterator[World]:
    for service in ("producer", "service"):
        database = Database(postgres_url, service)
        with database.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {service}"))
        database.dispose()
    with world_of(postgres_url, postgres_url) as world:
        yield world


class TestFeedsOnPostgresql(Feeds):
    pass


def test_many_writers_leave_no_gap(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: world.say(f"k{number}", {}), range(64)))
    with world.producer.reading() as session:
        found = list(session.scalars(select(entries.c.n).where(entries.c.feed == FEED).order_by(entries.c.n)))
    assert found == list(range(1, 65))


def test_no_lease_is_given_beside_an_entry_that_is_being_written(world: World) -> None:
    """A lease that is given before the commit and written after it would let the copy decide without the entry."""
    answered = threading.Event()

    def ask() -> bool:
        with world.producer.transaction() as session:
            page = read_feed(session, FEED, "service", 0, "")
        answered.set()
        return page.leased

    world.ask(0, "")
    with ThreadPoolExecutor(1) as pool:
        with world.producer.transaction() as session:
            n = append(session, FEED, "grant", "a", None)
            asking = pool.submit(ask)
            assert not answered.wait(0.3)
        assert asking.result(5) is False
    assert not confirmed(world, n)


def test_a_poll_that_finds_nothing_new_costs_little_and_only_the_copys_lease_may_be_lost_in_a_crash(
    world: World,
) -> None:
    """Each service polls twice a second for as long as it runs."""
    world.say("a", {})
    poll(world.service, FEED, world.ask)
    with sent(world.service) as by_the_copy, sent(world.producer) as by_the_producer:
        poll(world.service, FEED, world.ask)
    assert len(by_the_copy) == 3  # the commit among them
    assert "synchronous_commit = off" in by_the_copy[1]
    assert len(by_the_producer) == 3
    assert not any("synchronous_commit" in statement for statement in by_the_producer)


def test_what_a_copy_has_confirmed_is_on_disk(world: World) -> None:
    world.say("a", {})
    with sent(world.service) as by_the_copy:
        poll(world.service, FEED, world.ask)
    assert [statement for statement in by_the_copy if "feed_copies" in statement]
    lease = [at for at, statement in enumerate(by_the_copy) if "synchronous_commit = off" in statement]
    assert lease == [len(by_the_copy) - 2]  # before its commit
