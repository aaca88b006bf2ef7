"""npm's amqplib calls our services by docs/wire-format.md alone."""
from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.bus.world import World
from tests.npm_packages import node_modules

CLIENT = Path(__file__).parents[2] / "contract" / "npm"

pytestmark = pytest.mark.integration


def ask(url: str, service: str, calls: list[dict[str, Any]]) -> Any:
    place = node_modules(CLIENT).parent / "call.mjs"
    place.write_bytes((CLIENT / "call.mjs").read_bytes())
    ran = subprocess.run(
        ["node", str(place), url, service, json.dumps(calls)], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_foreign_client_calls_several_methods_in_one_message(rabbit_world: World) -> None:
    key = rabbit_world.key()
    keep = {"method": "keep", "kwargs": {"key": key}, "op_id": f"op-{key}", "deadline": time.time() + 30}
    said = ask(rabbit_world.broker.url, "echo", [
        {"id": "1", "method": "echo", "kwargs": {"value": "林静"}},
        {"id": "2", **keep}, {"id": "3", "method": "echo", "kwargs": {"value": 7}},
        {"id": "4", "method": "ecoh", "kwargs": {}},
    ])
    assert said["1"] == {"value": "林静"}
    assert said["2"] == {"key": key}
    assert (said["3"]["code"], said["4"]["code"]) == ("bus.invalid-arguments", "bus.unknown-method")
    assert "value" in said["3"]["details"]["fields"] and said["3"]["zh"]["message"]
    # The same operation id has one effect and the same reply.
    assert ask(rabbit_world.broker.url, "echo", [{"id": "5", **keep}]) == {"5": {"key": key}}
    assert rabbit_world.committed("echo", key) == 1


def test_a_service_that_has_never_run_comes_back(rabbit_world: World) -> None:
    said = ask(rabbit_world.broker.url, "nobody", [{"id": "1", "method": "ask", "kwargs": {}}])
    assert said == {"returned": "nobody.calls"}
