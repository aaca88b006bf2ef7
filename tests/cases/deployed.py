"""One service on the broker as it is deployed: shipped users, rights, policies; caller's word not believed."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from shared_components.bus.amqp import names
from tests.faults.asking import RawUser
from tests.faults.deployed import APP_TENANTS, deploy_shipped
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.workers import Worker
from tests.faults.world import World

PATIENCE_S = 10.0


@dataclass
class Deployed:
    service: str
    world: World
    urls: dict[str, str]
    worker: Worker

    def losses(self) -> int:
        """How often the service has lost one of its connections."""
        return sum(self.worker.text().count(f"bus.connection.{how}") for how in ("lost", "failed"))

    def dead(self, count: int) -> list[str]:
        """The reasons of its dead letters, once there are so many."""
        wait_for(lambda: self.world.depth(names.dead_queue(self.service)) >= count, PATIENCE_S)
        return [letter.reason for letter in self.world.dead(self.service)]

    def answers(self, caller: str = "app-demo", method: str = "list_fee_items", **kwargs: Any) -> bool:
        with RawUser(self.urls[caller]) as user:
            body = orjson.dumps([{"id": "alive", "method": method, "kwargs": kwargs}])
            user.publish(body, f"{self.service}.calls", content_type=names.CALLS_CONTENT_TYPE, user_id=caller)
            user.wait({"alive"}, PATIENCE_S)
            return "result" in user.replies["alive"]


@contextmanager
def deployed(lab: Lab, service: str = "payment", **bus: Any) -> Iterator[Deployed]:
    with lab.world(f"case-{service}", service) as world:
        urls = deploy_shipped(lab, world)
        believed = {"caller_authentication": "broker", "app_tenants": APP_TENANTS, **bus}
        configuration = world.configure(service, broker={"url": urls[service]}, bus=believed)
        yield Deployed(service, world, urls, world.workers.start(service, configuration=configuration))
