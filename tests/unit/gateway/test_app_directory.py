"""The gateway follows the directory: keys that come, go and change, limits, and a directory that does not answer."""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.gateway.adapters.app_directory import AppDirectory
from services.gateway.domain.apps import key_hash
from services.gateway.domain.errors import AppOverloaded, DirectoryNotReached
from services.gateway.domain.rates import CallRates
from services.identity.service import IdentityService
from shared_components.bus.errors import NoReply
from shared_components.contracts import service_contract
from shared_components.db import Database
from shared_components.db.feeds import append, is_confirmed
from shared_components.db.feeds.messages import page_view
from shared_components.db.feeds.producer import read_feed
from shared_components.db.feeds.tables import _produced
from tests.unit.gateway.fake_bus import Asked, FakeBus
from tests.unit.gateway.world import KEY_A, OTHER, TILL, Edge, problem_of

FEED = "directory"
KEY, NEXT = "ztp_first-key-of-app-tax", "ztp_next-key-of-app-tax"
CONTRACTS = (TILL, OTHER, service_contract(IdentityService))


class Feed:
    """Identity's feed on a database; its app app-tax has one key."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/feed.db", "identity")
        with self.database.engine.begin() as connection:
            _produced.create_all(connection)
        self.app()
        self.key(KEY)

    def say(self, kind: str, key: str, data: Mapping[str, Any] | None) -> int:
        with self.database.transaction() as session:
            return append(session, FEED, kind, key, data)

    def app(self, **more: Any) -> int:
        return self.say("app", "app-tax", {
            "state": "active", "kind": "department", "department": "dep_1", "tenant": "tnt_tax", "scopes": ["*"],
            "in_flight": None, "calls_per_s": None, **more})

    def key(self, key: str, *, revoked: bool = False) -> int:
        said = None if revoked else {"app": "app-tax", "key_id": f"key_{key}"}
        return self.say("key", key_hash(key), said)

    def serve(self, asked: Asked) -> dict[str, Any]:
        said = asked.kwargs
        with self.database.transaction() as session:
            return page_view(read_feed(
                session, said["feed"], f"gateway/{said['copy']}", said["from_n"], said["digest"], limit=2))

    def confirmed(self, n: int) -> bool:
        with self.database.reading() as session:
            return is_confirmed(session, FEED, n)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


def edge(feed: Feed) -> Edge:
    return Edge({"identity.read_feed": feed.serve}, contracts=CONTRACTS)


def test_an_app_of_the_directory_calls_in_its_department_s_tenant(feed: Feed) -> None:
    asked = edge(feed)
    assert asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"}).status_code == 200
    call = asked.bus.asked[-1]
    assert (call.target, call.context["tenant"], call.context["for_app"]) == ("till.read", "tnt_tax", "app-tax")


def test_a_configured_app_is_known_without_asking_the_directory(feed: Feed) -> None:
    asked = edge(feed)
    assert asked.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200
    assert [call.target for call in asked.bus.asked] == ["till.read"]


def test_scopes_and_unknown_keys_are_refused(feed: Feed) -> None:
    feed.app(scopes=["other.*"])
    asked = edge(feed)
    refused = asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"})
    problem_of(refused, 403, "gateway.method-not-granted")
    problem_of(asked.ask("/v1/till/read", key="wrong", json={}), 401, "gateway.key-unknown")


def test_a_directory_that_does_not_answer_is_unavailable_for_its_apps_only() -> None:
    asked = Edge({"identity.read_feed": NoReply()}, contracts=CONTRACTS)
    problem_of(asked.ask("/v1/till/read", key=KEY, json={}), 503, "gateway.directory-not-reached")
    assert asked.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200


class Directory:
    """A copy over a clock of the test's own."""

    def __init__(self, feed: Feed) -> None:
        self.now = 0.0
        self.bus = FakeBus({"identity.read_feed": feed.serve})
        self.copy = AppDirectory(self.bus, lambda: self.now)

    async def opens(self, key: str) -> bool:
        return await self.copy.find(key_hash(key)) is not None

    async def renew(self) -> None:
        """Let time pass until a request renews the lease beside it, and wait for that."""
        self.now += 1.1
        await self.opens(KEY)
        for _ in range(20):
            await asyncio.sleep(0)


def test_a_revocation_waits_for_the_copy_and_is_in_force_when_it_is_confirmed(feed: Feed) -> None:
    async def story() -> None:
        directory = Directory(feed)
        assert await directory.opens(KEY)
        n = feed.key(KEY, revoked=True)
        assert not feed.confirmed(n)
        assert await directory.opens(KEY), "the lease holds, and the revocation is not answered yet"
        await directory.renew()
        assert feed.confirmed(n)
        assert not await directory.opens(KEY)

    asyncio.run(story())


def test_a_new_key_is_known_beside_the_old_one_and_a_closed_app_has_none(feed: Feed) -> None:
    async def story() -> None:
        directory = Directory(feed)
        assert not await directory.opens(NEXT)
        feed.key(NEXT)
        await directory.renew()
        found = [await directory.copy.find(key_hash(key)) for key in (KEY, NEXT)]
        assert [number for entry in found if entry for number in entry[1:]] == [1, 2]
        feed.app(state="frozen")
        await directory.renew()
        assert not await directory.opens(KEY)
        feed.app()
        await directory.renew()
        assert await directory.opens(NEXT)

    asyncio.run(story())


def test_a_new_key_opens_at_once_and_unknown_ones_share_a_reading(feed: Feed) -> None:
    async def story() -> tuple[list[bool], int]:
        directory = Directory(feed)
        assert await directory.opens(KEY)
        feed.key(NEXT)
        before = len(directory.bus.asked)
        opened = await asyncio.gather(*(directory.opens(key) for key in (NEXT, "unknown", "unknown too")))
        return opened, len(directory.bus.asked) - before

    assert asyncio.run(story()) == ([True, False, False], 2)


def test_a_copy_without_a_lease_is_not_believed(feed: Feed) -> None:
    async def story() -> None:
        directory = Directory(feed)
        assert await directory.opens(KEY)
        directory.bus.answers["identity.read_feed"] = NoReply()
        directory.now += 1.9
        assert await directory.opens(KEY)
        directory.now += 0.2
        with pytest.raises(DirectoryNotReached):
            await directory.opens(KEY)

    asyncio.run(story())


def test_a_feed_that_was_restored_is_read_anew(feed: Feed, tmp_path: Path) -> None:
    async def story() -> None:
        directory = Directory(feed)
        assert await directory.opens(KEY)
        (tmp_path / "restored").mkdir()
        restored = Feed(tmp_path / "restored")
        restored.key(KEY, revoked=True)
        restored.key(NEXT)
        directory.bus.answers["identity.read_feed"] = restored.serve
        directory.now += 2.1
        assert [await directory.opens(key) for key in (KEY, NEXT)] == [False, True]

    asyncio.run(story())


def test_all_pages_are_read_by_one_reading_for_all_who_wait(feed: Feed) -> None:
    feed.key(NEXT)

    async def story() -> int:
        directory = Directory(feed)
        assert await asyncio.gather(*(directory.opens(key) for key in (KEY, NEXT, KEY))) == [True] * 3
        return len(directory.bus.asked)

    assert asyncio.run(story()) == 3


def test_an_app_has_its_calls_of_a_second_and_then_waits() -> None:
    now = [0.0]
    rates = CallRates(lambda: now[0])
    for _ in range(3):
        rates.take("app-tax", 3)
    with pytest.raises(AppOverloaded):
        rates.take("app-tax", 3)
    rates.take("app-other", 3)
    now[0] += 0.4
    rates.take("app-tax", 3)
    for _ in range(100):
        rates.take("app-free", None)
