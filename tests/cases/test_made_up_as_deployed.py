"""`make up` loads the shipped definitions: users, rights and policies, so that limits of queues can be rehearsed.

The input that failed: `make up` had no policies. Afterwards a test said that they are there and looked at users alone.
`tests/e2e/test_run.py` shows on a real broker that what is loaded holds.
"""
from __future__ import annotations

import json
from typing import Any

import pytest

from shared_components.bus.deployment.rights import VHOST
from shared_components.devstack import rehearsal

SHIPPED: dict[str, Any] = json.loads(rehearsal.DEFINITIONS.read_text(encoding="utf-8"))


class Loaded:
    """Stands for the private broker: keeps what is loaded into it."""

    content: dict[str, Any]

    def import_definitions(self, definitions: dict[str, Any]) -> None:
        self.content = definitions

    def url_for(self, user: str, password: str, vhost: str) -> str:
        return f"amqp://{user}:{password}@127.0.0.1:5672/{vhost}"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    broker = Loaded()
    rehearsal.prepare(broker, tmp_path_factory.mktemp("up"), environ={})  # type: ignore[arg-type]
    return broker.content


@pytest.mark.parametrize("part", sorted(SHIPPED.keys() - {"users"}))
def test_the_broker_of_make_up_is_given_every_shipped_part(loaded: dict[str, Any], part: str) -> None:
    assert loaded[part] == SHIPPED[part]


def test_the_queues_limits_are_among_them(loaded: dict[str, Any]) -> None:
    limits = {policy["name"]: policy["definition"] for policy in loaded["policies"] if policy["vhost"] == VHOST}
    assert limits["dead"]["overflow"] == "drop-head" and limits["dead"]["max-length"] > 0
    assert limits["retry"]["overflow"] == "reject-publish"


def test_each_shipped_user_has_a_password_of_its_own(loaded: dict[str, Any]) -> None:
    names = [user["name"] for user in SHIPPED["users"]]
    assert [user["name"] for user in loaded["users"]] == names
    assert len({user["password_hash"] for user in loaded["users"]}) == len(names)
