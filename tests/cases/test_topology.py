"""A service sees within seconds that an exchange, a queue or a binding of its own is gone, and restores what it may."""
from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from shared_components.bus.amqp import names
from shared_components.bus.deployment.rights import APP
from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.kernel.errors import AppError
from tests.faults import payments
from tests.faults.deployed import APP_TENANTS, deploy_shipped
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.world import World
from tests.integration.bus_harness import RawBroker

pytestmark = pytest.mark.integration
SECONDS = 8.0


@dataclass
class Stage:
    lab: Lab
    world: World
    urls: dict[str, str]
    port: int

    def problem(self) -> str | None:
        """Give readiness's message about the topology."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/ready", timeout=5):
                return None
        except urllib.error.HTTPError as refused:
            return str(json.loads(refused.read()))

    def sees(self, *what: str) -> bool:
        return bool(wait_for(lambda: all(word in (self.problem() or "") for word in what), SECONDS))

    def heals(self) -> bool:
        return bool(wait_for(lambda: self.problem() is None and self._answers(), SECONDS))

    def _answers(self) -> bool:
        try:
            with self.world.client(self.urls[APP], own=True) as app:
                return "items" in app.payment.list_fee_items(timeout_s=1)
        except AppError:
            return False

    def load_definitions(self) -> None:
        """The exchanges alone: users keep their passwords."""
        from tests.faults.deployed import SHIPPED

        content = json.loads(SHIPPED.read_text("utf-8"))
        self.lab.rabbitmq.import_definitions(
            {"exchanges": [{**one, "vhost": self.world.vhost} for one in content["exchanges"]]})


@pytest.fixture
def stage(lab: Lab) -> Iterator[Stage]:
    with lab.world("topology", "payment") as world:
        urls, port = deploy_shipped(lab, world), free_port()
        configuration = world.configure("payment", broker={"url": urls["payment"]}, bus={
            "caller_authentication": "broker", "app_tenants": APP_TENANTS})  # fmt: skip
        content = json.loads(configuration.read_text()) | {"health": {"port": port}}
        configuration.write_text(json.dumps(content))
        world.workers.start("payment", configuration=configuration)
        payments.prepare(world.client(urls["operator"]))
        made = Stage(lab, world, urls, port)
        assert made.heals()
        yield made


@pytest.fixture
def admin(stage: Stage) -> Iterator[Any]:
    with RawBroker(stage.world.broker_url) as raw:
        yield raw.channel


Break = Callable[[Any], object]


@pytest.mark.parametrize("broken", [
    lambda on: on.queue_unbind(names.rpc_queue("payment"), names.RPC_EXCHANGE, "payment.*"),
    lambda on: on.queue_delete(names.rpc_queue("payment")), lambda on: on.queue_delete("events.payment.make_refund"),
], ids=["a binding", "the queue of calls", "a queue of events"])  # fmt: skip
def test_a_service_restores_its_own_queues_and_bindings(stage: Stage, admin: Any, broken: Break) -> None:
    broken(admin)
    time.sleep(0.2)
    assert stage.heals()


def test_a_missing_exchange_is_seen_and_its_bindings_come_back_with_it(stage: Stage, admin: Any) -> None:
    """The shipped rights let no service declare an exchange."""
    admin.exchange_delete(names.RPC_EXCHANGE)
    assert stage.sees("payment-topology", f"exchange '{names.RPC_EXCHANGE}'", "load the broker's definitions")
    stage.load_definitions()
    assert stage.heals()


def test_an_exchange_that_passes_calls_on_to_somebody_else_is_seen(stage: Stage, admin: Any) -> None:
    admin.exchange_delete(names.RPC_EXCHANGE)
    admin.exchange_declare(names.RPC_EXCHANGE, "topic", durable=True, auto_delete=False,
                           arguments={"alternate-exchange": "amq.fanout"})  # fmt: skip
    admin.queue_declare("listening", exclusive=True)
    admin.queue_bind("listening", "amq.fanout", "")
    assert stage.sees("payment-topology", "passes on what nobody is bound to")


def test_a_queue_that_hears_every_call_is_seen(stage: Stage, admin: Any) -> None:
    admin.queue_declare("listening", exclusive=True)
    admin.queue_bind("listening", names.RPC_EXCHANGE, "#")
    assert stage.sees("payment-topology", "a queue is bound to every key")
    admin.queue_delete("listening")
    assert stage.heals()
