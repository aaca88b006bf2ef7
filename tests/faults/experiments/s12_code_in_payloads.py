"""S12: bodies in formats that can execute code when they are read."""
from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml

from shared_components.bus.amqp import names
from tests.faults.asking import Ask, RawUser
from tests.faults.deployed import SERVICES, contracts, deploy_shipped, start_services
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.integration.bus_harness import RawBroker

ID, TITLE = "S12", "pickle, YAML and msgpack bodies"
TARGET = "nothing executed; each gets a typed error or is a dead letter; no process exits"
OPERATIONS, UNIT = 1, "rounds"
CONTENT_TYPES = (
    "application/x-python-serialize", "application/x-python-pickle", "application/x-yaml", "application/msgpack",
    "application/x-msgpack", names.JSON_CONTENT_TYPE, names.CALLS_CONTENT_TYPE, "",
)  # fmt: skip


class _Dangerous:
    """Makes a folder when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self._marker = str(marker)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self._marker,)


def run(lab: Lab, report: Report) -> None:
    report.faults = "bodies that make a folder when a careless reader loads them, under eight content types"
    with lab.world(report.id, *SERVICES) as world:
        urls = deploy_shipped(lab, world)
        start_services(world, urls)
        marker = world.folder / "executed"
        bodies = _bodies(marker)
        report.add("proof: careless readers", {"bodies": len(bodies), "executed": (found := _executed(marker, bodies))},
                   [] if found == 2 else ["the bodies are harmless: this experiment would see nothing"])  # fmt: skip
        with RawBroker(world.broker_url) as admin:
            for service in SERVICES:
                sent, answered = _calls(urls, service, bodies)
                queue = names.dead_queue(service)
                wait_for(lambda q=queue, n=sent - answered: admin.depth(q) >= n, 10)  # type: ignore[misc]
                buried = admin.depth(queue)
                wrong = [] if answered + buried == sent else [f"{sent - answered - buried} neither answered nor buried"]
                wrong += ["a body was executed"] if marker.exists() else []
                report.add(f"calls of {service}", {"sent": sent, "typed errors": answered, "dead": buried}, wrong)
            _events(urls, admin, marker, bodies, report)
        dead = [worker.name for worker in world.workers.all if not worker.running]
        report.add("processes", {"started": len(world.workers.all)}, [f"{name} exited" for name in dead])


def _bodies(marker: Path) -> Mapping[str, bytes]:
    nested = orjson.dumps({"args": [], "kwargs": {"x": pickle.dumps(_Dangerous(marker), 0).decode("latin-1")}})
    return {
        "pickle": pickle.dumps(_Dangerous(marker)),
        "yaml": f"!!python/object/apply:os.mkdir ['{marker}']".encode(),
        "msgpack": b"\xc7\x05\x2apwned", "pickle in JSON": nested,
    }  # fmt: skip


def _executed(marker: Path, bodies: Mapping[str, bytes]) -> int:
    """How many of them do harm where code is careless: the control of the experiment."""
    count = 0
    for load, name in ((pickle.loads, "pickle"), (yaml.unsafe_load, "yaml")):
        load(bodies[name])
        count += marker.exists()
        marker.rmdir()
    return count


def _calls(urls: Mapping[str, str], service: str, bodies: Mapping[str, bytes]) -> tuple[int, int]:
    """(sent, answered with a typed error): as a user that may call it, coalesced and plain."""
    methods = contracts()[service]["methods"]
    method = next(name for name, one in methods.items() if "app" in one["callers"])
    with RawUser(urls["app-nameko"]) as raw:
        ids = set()
        for number, (body, content_type) in enumerate(_combined(bodies)):
            for key in (f"{service}.{method}", f"{service}.{names.CALLS_METHOD}"):
                ids.add(f"{number}-{key}")
                raw.publish(body, key, content_type=content_type, correlation_id=f"{number}-{key}",
                            user_id=raw.name)  # fmt: skip
        raw.settle()
        raw.wait(ids, 3)
        # and one that is well: the service is alive
        raw.ask_plainly(service, Ask("alive", method, {"no-such-argument": 1}))
        errors = [reply["error"] for key, reply in raw.replies.items() if key != "alive"]
        assert raw.replies["alive"]["error"]["code"] == "bus.invalid-arguments"
    return len(ids), sum(bool(error) and error["code"] != "internal" for error in errors)


def _combined(bodies: Mapping[str, bytes]) -> Iterator[tuple[bytes, str]]:
    return ((body, content_type) for body in bodies.values() for content_type in CONTENT_TYPES)


def _events(
    urls: Mapping[str, str], admin: RawBroker, marker: Path, bodies: Mapping[str, bytes], report: Report
) -> None:
    """Payment hears its own event: what a service with bad intentions could send."""
    queue = names.dead_queue("payment")
    before, sent = admin.depth(queue), 0
    with RawUser(urls["payment"]) as raw:
        for body, content_type in _combined(bodies):
            raw.publish(body, "refund-requested", "payment.events", content_type=content_type)
            sent += 1
        raw.settle()
    wait_for(lambda: admin.depth(queue) - before >= sent, 10)
    buried = admin.depth(queue) - before
    wrong = [] if buried == sent else [f"{sent - buried} of {sent} not buried"]
    wrong += ["a body was executed"] if marker.exists() else []
    report.add("events of payment", {"sent": sent, "typed errors": 0, "dead": buried}, wrong)
