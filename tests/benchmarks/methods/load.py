"""`python -m tests.benchmarks.methods.load FILE`: load for one method after the other, told by lines of JSON.

A line on the standard input asks for a step of a method: {"method": "elicence.get", "step": "prepare" or "measure"}.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch, settle_memory

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from tests.benchmarks.load.bus import TIMEOUT_S, trace  # noqa: E402
from tests.benchmarks.load.drive import Ask, Load  # noqa: E402
from tests.benchmarks.load.tally import say  # noqa: E402
from tests.benchmarks.methods.recipes import NotMeasured, Recipe, UsesUp, recipe_of  # noqa: E402
from tests.benchmarks.methods.scene import Scene, prepare  # noqa: E402

WARM_UP = 0.1
"""So much of what a method uses up goes to calls that are not counted."""


class Method:
    """The load of one method: prepared, then measured."""

    def __init__(self, scene: Scene, name: str, recipe: Recipe, spec: Mapping[str, Any]) -> None:
        self._scene, self._name, self._recipe, self._spec = scene, name, recipe, spec
        self._load: Load | None = None
        self._calls = 0

    def prepare(self) -> dict[str, Any]:
        """Make what the calls need, and make some calls that are not counted."""
        if isinstance(self._recipe, NotMeasured):
            return {"reason": self._recipe.reason}
        calls, in_flight = self._spec["calls"], self._spec["in_flight"]
        request, self._calls = self._requests(calls)
        client = self._scene.clients[self._recipe.caller]
        service, _, method = self._name.partition(".")
        ask: Ask = lambda n: client.call(service, method, request(n), context=trace())  # noqa: E731
        self._load = Load([ask] * in_flight)
        warm_up = max(1, int(self._calls * WARM_UP)) if self._calls else self._spec["warm_up"]
        summary = self._load.run(seconds=0, calls=warm_up)
        if self._calls:
            self._calls -= warm_up
        settle_memory()
        return {"errors": summary["errors"]}

    def measure(self) -> dict[str, Any]:
        assert self._load is not None
        return self._load.run(seconds=self._spec["seconds"], calls=self._calls)

    def _requests(self, calls: int) -> tuple[Callable[[int], Mapping[str, Any]], int]:
        """The arguments by call number, and how many calls there may be; 0 is any number."""
        recipe = self._recipe
        if isinstance(recipe, UsesUp):
            count = min(recipe.most, calls or recipe.most)
            things = self._scene.fresh(recipe.kind, count)
            return lambda n: recipe.request(things[n]), count
        assert not isinstance(recipe, NotMeasured)
        recipe.request(self._scene, 0)
        return lambda n: recipe.request(self._scene, n), calls


def main(spec: Mapping[str, Any]) -> None:
    """spec: urls (of each caller), sandbox (settings), tenant, in_flight, seconds, calls, warm_up."""
    clients = {
        caller: BusClient(url, tenant=spec["tenant"], timeout_s=TIMEOUT_S) for caller, url in spec["urls"].items()}
    scene = Scene(clients, spec["sandbox"])
    prepare(scene)
    methods: dict[str, Method] = {}
    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked["method"]
        try:
            if asked["step"] == "prepare":
                methods[name] = Method(scene, name, recipe_of(name), spec)
                say(methods[name].prepare())
            else:
                say(methods.pop(name).measure())
        except (AppError, TimeoutError, LookupError) as error:
            say({"failed": f"{getattr(error, 'code', type(error).__name__)}: {error}"})
    for client in clients.values():
        client.close()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
