"""The gateway follows the directory: keys that come, go and change, limits, and a directory that does not answer."""
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.gateway.adapters.app_directory import REFRESH_S, STALE_S, AppDirectory
from services.gateway.domain.apps import key_hash
from services.gateway.domain.errors import AppOverloaded, DirectoryNotReached
from services.gateway.domain.rates import CallRates
from services.identity.service import IdentityService
from shared_components.bus.errors import NoReply
from shared_components.contracts import service_contract
from tests.unit.gateway.fake_bus import FakeBus
from tests.unit.gateway.world import KEY_A, OTHER, TILL, Edge, problem_of

KEY, NEXT = "ztp_first-key-of-app-tax", "ztp_next-key-of-app-tax"
CONTRACTS = (TILL, OTHER, service_contract(IdentityService))


def door(*keys: str, **more: Any) -> dict[str, Any]:
    return {"environment": "production", "caller": "app-tax", "tenant": "tnt_tax", "scopes": ["*"], "in_flight": None,
            "calls_per_s": None, "keys_sha256": [key_hash(key) for key in keys], **more}


def page(*doors: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {"items": [{"app": "app-tax", "kind": "department", "department_id": "dep_1", "doors": list(doors)}],
            "next": following}


def edge(*doors: dict[str, Any]) -> Edge:
    return Edge({"identity.find_apps": page(*doors)}, contracts=CONTRACTS)


def test_an_app_of_the_directory_calls_in_its_department_s_tenant() -> None:
    asked = edge(door(KEY))
    assert asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"}).status_code == 200
    call = asked.bus.asked[-1]
    assert (call.target, call.context["tenant"], call.context["for_app"]) == ("till.read", "tnt_tax", "app-tax")


def test_a_configured_app_is_known_without_asking_the_directory() -> None:
    asked = edge(door(KEY))
    assert asked.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200
    assert [call.target for call in asked.bus.asked] == ["till.read"]


def test_an_app_has_its_own_quotas() -> None:
    asked = edge(door(KEY, calls_per_s=1))
    assert asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"}).status_code == 200
    problem_of(asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"}), 429, "gateway.app-overloaded")


def test_scopes_and_unknown_keys_are_refused() -> None:
    asked = edge(door(KEY, scopes=["other.*"]))
    refused = asked.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"})
    problem_of(refused, 403, "gateway.method-not-granted")
    problem_of(asked.ask("/v1/till/read", key="wrong", json={}), 401, "gateway.key-unknown")


def test_a_directory_that_does_not_answer_is_unavailable_for_its_apps_only() -> None:
    asked = Edge({"identity.find_apps": NoReply()}, contracts=CONTRACTS)
    problem_of(asked.ask("/v1/till/read", key=KEY, json={}), 503, "gateway.directory-not-reached")
    assert asked.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200


class Directory:
    """A copy over a clock of the test's own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.bus = FakeBus({"identity.find_apps": page(door(KEY))})
        self.copy = AppDirectory(self.bus, lambda: self.now)

    async def opens(self, key: str) -> bool:
        found = await self.copy.find(key_hash(key)) is not None
        await asyncio.sleep(0)  # what is read beside
        await asyncio.sleep(0)
        return found


def test_a_revoked_key_opens_for_seconds_at_most_and_a_new_one_is_known_as_soon() -> None:
    async def story() -> list[bool]:
        directory = Directory()
        seen = [await directory.opens(KEY)]
        directory.bus.answers["identity.find_apps"] = page(door(NEXT))
        directory.now += REFRESH_S
        await directory.opens(KEY)
        return [*seen, await directory.opens(KEY), await directory.opens(NEXT)]

    assert asyncio.run(story()) == [True, False, True]


def test_a_copy_that_cannot_be_renewed_is_not_believed_for_long() -> None:
    async def story() -> None:
        directory = Directory()
        assert await directory.opens(KEY)
        directory.bus.answers["identity.find_apps"] = NoReply()
        directory.now += STALE_S - 0.1
        assert await directory.opens(KEY)
        directory.now += 0.2
        with pytest.raises(DirectoryNotReached):
            await directory.opens(KEY)

    asyncio.run(story())


def test_all_pages_are_read_by_one_reading_for_all_who_wait() -> None:
    async def story() -> int:
        directory = Directory()
        directory.bus.answers["identity.find_apps"] = lambda asked: (
            page(door(NEXT)) if asked.kwargs["after"] else page(door(KEY), following="more"))
        assert await asyncio.gather(*(directory.opens(key) for key in (KEY, NEXT, KEY))) == [True] * 3
        return len(directory.bus.asked)

    assert asyncio.run(story()) == 2


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
