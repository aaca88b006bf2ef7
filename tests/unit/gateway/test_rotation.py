"""An app's key is changed without an outage: both work while it changes over, and it can be seen which one does."""
from __future__ import annotations

import hmac

import pytest

from services.gateway.adapters.http_metrics import ROTATING_KEYS
from services.gateway.domain import apps as domain
from services.gateway.domain.apps import Apps, key_hash
from services.gateway.domain.errors import KeyUnknown
from shared_components.observability.metrics import METRICS
from tests.unit.gateway.world import KEY_A, KEY_B, Edge, problem_of

NEXT = "next-key-of-app-a-0123456789"


def entry(name: str, *keys: str) -> dict[str, object]:
    return {"name": name, "tenant": "tenant-a", "keys_sha256": [key_hash(key) for key in keys]}


def test_both_keys_are_the_same_app() -> None:
    edge = Edge(apps=[entry("app-a", KEY_A, NEXT)])
    for key in (KEY_A, NEXT):
        assert edge.write(key=key, headers={"Idempotency-Key": "once"}).status_code == 200
    assert {(asked.op_id, asked.context["tenant"]) for asked in edge.bus.asked} == {("once", "tenant-a")}


def test_a_key_that_was_taken_out_is_no_key() -> None:
    edge = Edge(apps=[entry("app-a", NEXT)])
    assert edge.read(key=NEXT).status_code == 200
    problem_of(edge.read(key=KEY_A), 401, "gateway.key-unknown")


def test_it_is_counted_which_of_two_keys_is_used_and_nothing_for_an_app_with_one() -> None:
    edge = Edge(apps=[entry("app-rotating", KEY_A, NEXT), entry("app-settled", KEY_B)])
    for key in (NEXT, KEY_A, NEXT, KEY_B):
        assert edge.read(key=key).status_code == 200
    counted = {number: ROTATING_KEYS.labels("app-rotating", number)._value.get() for number in ("1", "2")}
    assert counted == {"1": 1, "2": 2}
    assert b"app-settled" not in METRICS.render()
    assert key_hash(NEXT).encode() not in METRICS.render()


def test_every_key_of_every_app_is_compared_whichever_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time tells nothing: as many comparisons for the first key as for the last and for a wrong one."""
    compared = 0
    real = hmac.compare_digest

    def counting(one: str, other: str) -> bool:
        nonlocal compared
        compared += 1
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    apps = Apps([domain.App("app-a", "t", (key_hash(KEY_A), key_hash(NEXT))), domain.App("app-b", "t", (
        key_hash(KEY_B),))])
    counts = []
    for key in (KEY_A, NEXT, KEY_B):
        compared = 0
        assert apps.authenticate(f"Bearer {key}")
        counts.append(compared)
    compared = 0
    with pytest.raises(KeyUnknown):
        apps.authenticate("Bearer wrong")
    assert [*counts, compared] == [3, 3, 3, 3]
