"""No message costs more than a few deliveries, also when it ends the process; innocent ones beside it are served."""
from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest

from shared_components.bus.amqp import names
from tests.faults.asking import RawUser
from tests.faults.deployed import deploy_own
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.workers import Worker
from tests.faults.world import World

pytestmark = pytest.mark.integration

MOST_DELIVERIES = 5
INNOCENT = 40


class Supervised:
    """A process that is started again as soon as it has ended, as a supervisor does."""

    def __init__(self, world: World, service: str, **settings: Any) -> None:
        self.deaths = 0
        self._world, self._service = world, service
        self._configuration = world.configure(service, **settings)
        self._worker = self._start()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self) -> Worker:
        return self._world.workers.start(self._service, wait=False, configuration=self._configuration)

    def _watch(self) -> None:
        while not self._stopping.wait(0.05):
            if not self._worker.running:
                self.deaths += 1
                self._worker = self._start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


@contextmanager
def supervised(lab: Lab, service: str) -> Iterator[tuple[World, dict[str, str], Supervised]]:
    with lab.world(f"redelivered-{service}", "till", "auditor") as world:
        urls = deploy_own(lab, world)
        # The auditor hears payment too, which is not deployed here: as the administrator it declares what is missing.
        url = urls[service] if service == "till" else world.broker_url
        process = Supervised(world, service, broker={"url": url}, bus={"caller_authentication": "broker"})
        try:
            yield world, urls, process
        finally:
            process.stop()


def _is_consumed(world: World, queue: str) -> bool:
    with world.view() as view:
        state = view.queue(queue)
    return state is not None and state.consumers > 0


def started(world: World, what: str) -> Counter[str]:
    return Counter(line[1] for line in world.notes() if line[0] == what)


def test_a_call_that_ends_the_process_is_a_dead_letter_and_its_neighbours_are_served(lab: Lab) -> None:
    with supervised(lab, "till") as (world, urls, process), RawUser(urls["operator"]) as user:
        assert wait_for(lambda: _is_consumed(world, "rpc-till"), 20)
        for number in range(INNOCENT):
            _call(user, f"before-{number}")
        _call(user, "deadly")
        for number in range(INNOCENT):
            _call(user, f"after-{number}")
        wanted = {f"{when}-{number}" for when in ("before", "after") for number in range(INNOCENT)}
        user.wait(wanted, 60)
        assert set(user.replies) == wanted
        assert {reply["result"]["key"] for reply in user.replies.values()} == wanted
        assert wait_for(lambda: world.depth("dead.till") == 1, 20)
        assert [letter.reason for letter in world.dead("till")] == ["bus.delivered-too-often"]
        time.sleep(1)
        assert process.deaths == started(world, "started")["deadly"] <= MOST_DELIVERIES
        assert world.effects("till") == dict.fromkeys(wanted, 1), "each has one effect, under its operation id"


def _call(user: RawUser, key: str) -> None:
    body = orjson.dumps([{"id": key, "method": "keep", "kwargs": {"key": key}, "op_id": f"op-{key}"}])
    user.publish(body, "till.calls", content_type=names.CALLS_CONTENT_TYPE, user_id=user.name)


def test_an_event_that_ends_the_process_is_a_dead_letter_and_its_neighbours_are_handled(lab: Lab) -> None:
    with supervised(lab, "auditor") as (world, urls, process), RawUser(urls["till"]) as till:
        assert wait_for(lambda: _is_consumed(world, "events.auditor.on_kept"), 20)
        keys = [*(f"before-{number}" for number in range(INNOCENT)), "deadly",
                *(f"after-{number}" for number in range(INNOCENT))]  # fmt: skip
        for key in keys:
            _tell(till, key)
        assert wait_for(lambda: len(world.effects("auditor")) == len(keys) - 1, 60)
        assert wait_for(lambda: world.depth("dead.auditor") == 1, 20)
        assert [letter.message_id for letter in world.dead("auditor")] != []
        assert [letter.reason for letter in world.dead("auditor")] == ["bus.delivered-too-often"]
        assert process.deaths == started(world, "heard")["deadly"] <= MOST_DELIVERIES
        assert world.effects("auditor") == {key: 1 for key in keys if key != "deadly"}


def _tell(till: RawUser, key: str) -> None:
    event = {
        "id": f"evt_{key}", "type": "kept", "source": "till", "aggregate": key, "tenant": "default",
        "occurred_at": "2026-11-29T00:00:00+00:00", "data": {"key": key},
    }  # fmt: skip
    till.publish(orjson.dumps(event), "kept", "till.events", content_type=names.EVENT_CONTENT_TYPE, delivery_mode=2,
                 user_id=till.name)  # fmt: skip
