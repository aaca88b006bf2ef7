"""No use that began after a revocation was answered succeeds: three processes, polls that stall or are lost, restores.

The two databases' clocks differ by minutes. With a protection off, the same check sees a use that should not succeed.
"""
from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from shared_components.db.feeds import FeedCopy, FeedStale, Page, append, compact, is_confirmed, read_feed
from shared_components.db.feeds.copies import apply_page, position_of
from tests.unit.db.feeds.world import FEED, World, backup, restore

KEYS, REPLICAS, IN_FLIGHT = ("a", "b"), 3, 3
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=7)
# A restore takes longer than a lease; while it runs nobody decides.
RESTORING_S = 2.5


class Feed(RuleBasedStateMachine):
    Copy: ClassVar[Callable[[str], FeedCopy]] = FeedCopy

    def __init__(self) -> None:
        super().__init__()
        folder = tempfile.mkdtemp(prefix="zhongtai-feeds-")
        url = f"sqlite:///{folder}/feeds.db"
        self.world = World(url, url)
        self.seconds = 0.0
        self.replicas = [type(self).Copy(FEED) for _ in range(REPLICAS)]
        self.polls: list[tuple[int, str, datetime, Page | None]] = []
        self.said: dict[int, tuple[str, bool]] = {}
        self.answered: set[int] = set()
        self.backups: dict[str, Any] = {}
        self.save()

    def teardown(self) -> None:
        self.world.close()

    @property
    def now(self) -> datetime:
        """The producer's time; the service's database is SKEW ahead."""
        return BEGINNING + timedelta(seconds=self.seconds)

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.0, 2.0]))
    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    @rule(key=st.sampled_from(KEYS), granted=st.booleans())
    def say(self, key: str, granted: bool) -> None:
        with self.world.producer.transaction() as session:
            n = append(session, FEED, "grant", key, {} if granted else None)
        self.said[n] = (key, granted)

    @rule()
    def compact(self) -> None:
        with self.world.producer.transaction() as session:
            compact(session, FEED)

    @precondition(lambda self: len(self.polls) < IN_FLIGHT)
    @rule()
    def ask(self) -> None:
        with self.world.service.transaction() as session:
            n, digest = position_of(session, FEED)
        self.polls.append((n, digest, self.now + SKEW, None))

    @precondition(lambda self: self.polls)
    @rule(which=st.integers(0, IN_FLIGHT - 1))
    def serve(self, which: int) -> None:
        place = which % len(self.polls)
        n, digest, began, _ = self.polls[place]
        with self.world.producer.transaction() as session:
            page = read_feed(session, FEED, "service", n, digest, limit=2, now=self.now)
        self.polls[place] = (n, digest, began, page)

    @precondition(lambda self: self.polls)
    @rule(which=st.integers(0, IN_FLIGHT - 1), lost=st.sampled_from([False, False, False, True]))
    def hear(self, which: int, lost: bool) -> None:
        n, digest, began, page = self.polls.pop(which % len(self.polls))
        if page is not None and not lost:
            with self.world.service.transaction() as session:
                apply_page(session, FEED, n, digest, page, began)

    @rule()
    def poll(self) -> None:
        """Ask at once, as long as there is something new."""
        for _ in range(20):
            self.ask()
            self.serve(len(self.polls) - 1)
            page = self.polls[-1][3]
            self.hear(len(self.polls) - 1, lost=False)
            if page is not None and page.leased:
                return

    @rule()
    def answer(self) -> None:
        """Answer each revocation that no copy with a lease lacks."""
        with self.world.producer.reading() as session:
            self.answered |= {n for n, (_, granted) in self.said.items()
                              if not granted and is_confirmed(session, FEED, n, now=self.now)}

    @rule(replica=st.integers(0, REPLICAS - 1), key=st.sampled_from(KEYS))
    def use(self, replica: int, key: str) -> None:
        """A process decides. One that is never chosen in between is a paused one."""
        copy = self.replicas[replica]
        try:
            with self.world.service.reading() as session:
                copy.refresh(session, now=self.now + SKEW)
        except FeedStale:
            return
        if ("grant", key) in copy.data:
            last = max((n for n, (said, granted) in self.said.items() if said == key and granted), default=0)
            over = [n for n in self.answered if self.said[n][0] == key and n > last]
            assert not over, f"'{key}' was used after the answer to revocation {over[0]}"

    @rule(replica=st.integers(0, REPLICAS - 1))
    def restart(self, replica: int) -> None:
        self.replicas[replica] = type(self).Copy(FEED)

    @rule()
    def save(self) -> None:
        self.backups = {"producer": backup(self.world.producer), "service": backup(self.world.service),
                        "said": dict(self.said)}

    @rule()
    def restore_service(self) -> None:
        restore(self.world.service, self.backups["service"])
        self.seconds += RESTORING_S

    @rule()
    def restore_producer(self) -> None:
        """Lose what the backup does not have, revocations too."""
        restore(self.world.producer, self.backups["producer"])
        self.said = dict(self.backups["said"])
        self.answered &= set(self.said)
        self.seconds += RESTORING_S
        self.polls = [poll for poll in self.polls if poll[3] is None]


SEARCH = settings(
    max_examples=40, stateful_step_count=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def test_no_use_after_the_answer_succeeds() -> None:
    run_state_machine_as_test(Feed, settings=SEARCH)


class NoLease(FeedCopy):
    """A copy that decides however old it is."""

    def refresh(self, session: Any, *, now: datetime | None = None) -> None:
        try:
            super().refresh(session, now=now)
        except FeedStale:
            super().refresh(session, now=datetime(1970, 1, 1, tzinfo=UTC)) if self.n else None


class NoTable(FeedCopy):
    """A copy that stays as it was when it was first read."""

    def _reload(self, session: Any, generation: int, n: int) -> None:
        if not self.n:
            super()._reload(session, generation, n)


def scenario(copy: type[FeedCopy] = FeedCopy) -> None:
    """A right is used, revoked and used again; the service hears of the revocation only after its lease."""
    feed = type("Scenario", (Feed,), {"Copy": copy})()
    try:
        feed.say("a", granted=True)
        feed.poll()
        feed.use(0, "a")
        feed.say("a", granted=False)
        feed.answer()
        feed.use(0, "a")
        feed.wait(2.5)
        feed.answer()
        feed.use(0, "a")
        feed.poll()
        feed.use(0, "a")
        feed.use(1, "a")
    finally:
        feed.teardown()


def test_the_scenario_holds() -> None:
    scenario()


@pytest.mark.parametrize("copy", [NoLease, NoTable])
def test_a_copy_without_protection_is_seen(copy: type[FeedCopy]) -> None:
    with pytest.raises(AssertionError, match="was used after the answer"):
        scenario(copy)


def test_a_producer_that_answers_at_once_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "is_confirmed", lambda *_, **__: True)
    with pytest.raises(AssertionError, match="was used after the answer"):
        scenario()


def test_a_page_that_comes_after_a_restore_to_before_the_first_poll_is_left_out() -> None:
    feed = Feed()
    feed.ask()
    feed.restore_service()
    feed.serve(which=0)
    feed.hear(lost=False, which=0)
    feed.teardown()
