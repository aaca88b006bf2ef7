"""The promises of feeds, on whichever databases the fixture `world` gives."""
from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import delete

from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import FeedCopy, FeedStale, Page, compact, is_confirmed, wait_until_confirmed
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import confirmations
from tests.unit.db.feeds.world import FEED, World, backup, restore


def refreshed(world: World, copy: FeedCopy | None = None) -> FeedCopy:
    copy = copy or FeedCopy(FEED)
    with world.service.reading() as session:
        copy.refresh(session)
    return copy


def confirmed(world: World, n: int, later_s: float = 0.0) -> bool:
    with world.producer.reading() as session:
        return is_confirmed(session, FEED, n, now=present(session) + timedelta(seconds=later_s))


def compacted(world: World) -> int:
    with world.producer.transaction(ALL_TENANTS) as session:
        return compact(session, FEED)


class Feeds:
    def test_a_copy_has_what_holds_for_each_key(self, world: World) -> None:
        for key, data in (("a", {"x": 1}), ("b", {"x": 2}), ("a", {"x": 3}), ("b", None)):
            world.say(key, data)
        assert poll(world.service, FEED, world.ask) == 4
        copy = refreshed(world)
        assert (copy.data, copy.n) == ({("grant", "a"): {"x": 3}}, 4)

    def test_a_process_that_is_behind_catches_up_before_it_decides(self, world: World) -> None:
        world.say("a", {})
        poll(world.service, FEED, world.ask)
        copy = refreshed(world)
        world.say("a", None)
        world.say("b", {})
        poll(world.service, FEED, world.ask)
        assert refreshed(world, copy).data == {("grant", "b"): {}}

    def test_a_copy_that_never_asked_or_asked_too_long_ago_is_stale(self, world: World) -> None:
        with pytest.raises(FeedStale):
            refreshed(world)
        poll(world.service, FEED, world.ask)
        refreshed(world)
        with world.service.reading() as session, pytest.raises(FeedStale):
            FeedCopy(FEED).refresh(session, now=present(session) + timedelta(seconds=2.1))

    def test_a_revocation_is_confirmed_when_the_copy_has_it(self, world: World) -> None:
        world.say("a", {})
        poll(world.service, FEED, world.ask)
        n = world.say("a", None)
        assert not confirmed(world, n)
        poll(world.service, FEED, world.ask)
        assert confirmed(world, n)

    def test_a_revocation_is_confirmed_when_the_lease_of_a_silent_copy_has_run_out(self, world: World) -> None:
        poll(world.service, FEED, world.ask)
        n = world.say("a", None)
        assert not confirmed(world, n, later_s=2.1)
        assert confirmed(world, n, later_s=2.5)

    def test_a_revocation_waits_for_a_silent_copy_and_no_longer(self, world: World) -> None:
        poll(world.service, FEED, world.ask)
        n = world.say("a", None)
        began = monotonic()
        assert wait_until_confirmed(world.producer, FEED, n)
        assert 1.5 < monotonic() - began < 10

    def test_a_copy_that_is_behind_gets_no_lease(self, world: World) -> None:
        world.say("a", {})
        page = world.ask(0, "")
        assert (page.leased, page.head, len(page.entries)) == (False, 1, 1)

    def test_a_long_feed_comes_in_pages(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shared_components.db.feeds.producer.MOST", 3)
        for number in range(10):
            world.say(f"k{number}", {"number": number, "share": 1e2})
        assert poll(world.service, FEED, world.ask) == 10
        assert len(refreshed(world).data) == 10

    def test_a_gap_is_refused(self, world: World) -> None:
        world.say("a", {})
        world.say("b", {})

        def ask_without_the_first(n: int, digest: str) -> Page:
            page = world.ask(n, digest)
            return Page(page.entries[1:], page.head)

        with pytest.raises(RuntimeError, match="gave entry 2, which follows 1; the one after 0 is needed"):
            poll(world.service, FEED, ask_without_the_first)

    def test_a_copy_of_what_a_restored_producer_has_lost_begins_anew(self, world: World) -> None:
        world.say("a", {"old": True})
        kept = backup(world.producer)
        world.say("b", {"lost": True})
        poll(world.service, FEED, world.ask)
        copy = refreshed(world)
        restore(world.producer, kept)
        world.say("c", {"new": True})
        assert poll(world.service, FEED, world.ask) == 2
        assert set(refreshed(world, copy).data) == {("grant", "a"), ("grant", "c")}

    def test_a_restored_copy_gets_what_it_lacks(self, world: World) -> None:
        world.say("a", {})
        poll(world.service, FEED, world.ask)
        kept = backup(world.service)
        world.say("a", None)
        poll(world.service, FEED, world.ask)
        copy = refreshed(world)
        restore(world.service, kept)
        poll(world.service, FEED, world.ask)
        assert refreshed(world, copy).data == refreshed(world).data == {}

    def test_replaced_entries_are_deleted_when_every_copy_has_passed_them(self, world: World) -> None:
        world.say("a", {"x": 1})
        poll(world.service, FEED, world.ask)
        world.say("a", {"x": 2})
        world.say("b", {})
        world.say("b", None)
        assert compacted(world) == 0
        poll(world.service, FEED, world.ask)
        copy = refreshed(world)
        assert compacted(world) == 2
        assert poll(world.service, FEED, world.ask) == 4
        assert refreshed(world, copy).generation == 1

    def test_a_new_copy_of_a_compacted_feed_has_what_holds(self, world: World) -> None:
        for number in range(3):
            world.say("a", {"x": number})
            world.say("b", {} if number < 2 else None)
        assert compacted(world) == 4
        assert poll(world.service, FEED, world.ask) == 6
        assert refreshed(world).data == {("grant", "a"): {"x": 2}}

    def test_a_copy_whose_entry_was_deleted_begins_anew(self, world: World) -> None:
        world.say("a", {"x": 1})
        poll(world.service, FEED, world.ask)
        world.say("a", None)
        with world.producer.transaction() as session:
            session.execute(delete(confirmations))
        assert compacted(world) == 1
        copy = FeedCopy(FEED)
        poll(world.service, FEED, world.ask)
        assert refreshed(world, copy).generation == 2
        assert copy.data == {}

    def test_no_transaction_is_open_while_the_producer_is_asked(self, world: World) -> None:
        def ask(n: int, digest: str) -> Page:
            with world.service.transaction():
                pass  # SQLite has one writer: this would wait for ever
            return world.ask(n, digest)

        assert poll(world.service, FEED, ask) == 0
