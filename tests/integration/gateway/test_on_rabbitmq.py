"""The edge as it is deployed: a process of its own on asyncio, RabbitMQ between it and the services."""
from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from services.gateway.domain.apps import key_hash
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.db import migrate
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.devstack.sandbox import seed_of_matter
from shared_components.devstack.servers import RabbitMQ
from shared_components.kernel.ids import new_id
from tests.faults.proxy import Proxy
from tests.integration.bus_harness import ServiceProcess, wait_until
from tests.integration.gateway.sockets import Connection, status_of
from tests.unit.gateway.bus_suite import ORDER, SUITE, Bench

pytestmark = pytest.mark.integration
MAIN = "shared_components.cli.main"
KEY = "key-of-an-app-0123456789"
BEARER = {"Authorization": f"Bearer {KEY}"}
CREATE = "/v1/payment/create-order"


class Gateway:
    """A gateway process; its health port is another one."""

    def __init__(self, folder: Path, broker_url: str, **changes: Any) -> None:
        self.port, self.health_port = free_port(), free_port()
        self.address = f"http://{LOOPBACK}:{self.port}"
        self.process = served(folder, "gateway", broker_url, {
            "http": {"port": self.port, "public_url": self.address}, "health": {"port": self.health_port}, **changes})
        self.client = httpx.Client(base_url=self.address, headers=BEARER, timeout=20)

    def __enter__(self) -> Gateway:
        self.process.__enter__()
        wait_until(self.live, "the gateway listens", seconds=30)
        return self

    def __exit__(self, *raised: Any) -> None:
        self.client.close()
        self.process.__exit__(*raised)

    def live(self) -> bool:
        assert self.process.running, self.process.log()[-3000:]
        with suppress(httpx.TransportError):
            return self.client.get("/live").status_code == 200
        return False

    def ready(self) -> bool:
        return self.client.get("/ready").status_code == 200

    def create(self, key: str, *, timeout_s: float = 10) -> httpx.Response:
        return self.client.post(CREATE, json=ORDER, headers={"Idempotency-Key": key, "X-Timeout-S": str(timeout_s)})


def served(folder: Path, service: str, broker_url: str, more: dict[str, Any]) -> ServiceProcess:
    path = folder / f"{service}-{unique_name()}.yaml"
    path.write_text(json.dumps({
        "broker": {"url": broker_url}, "database": {"url": f"sqlite:///{folder / 'zhongtai.db'}"},
        "security": {"master_key_file": str(folder / "master.key")}, "log": {"format": "json"},
        "services": {"gateway": {"apps": [{"name": "app-a", "tenant": "default", "key_sha256": key_hash(KEY)}]}},
        **more,
    }))
    return ServiceProcess(MAIN, "--config", str(path), "serve", service, log=folder / f"{path.stem}.log")


class World:
    """payment on RabbitMQ, and a proxy between the broker and whoever connects through `proxied_url`."""

    def __init__(self, payment: ServiceProcess, broker_url: str, proxy: Proxy, folder: Path) -> None:
        self._payment, self.broker_url, self.proxy, self.folder = payment, broker_url, proxy, folder
        parts = urlsplit(broker_url)
        self.proxied_url = broker_url.replace(f":{parts.port}/", f":{proxy.port}/")

    @contextmanager
    def silenced(self) -> Iterator[None]:
        """payment stands still, and goes on where it was."""
        os.kill(self._payment.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._payment.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def world(rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("deployed")
    broker_url = rabbitmq.add_vhosts([unique_name()])[0]
    migrate(f"sqlite:///{folder / 'zhongtai.db'}", "payment")
    port = urlsplit(broker_url).port
    assert port is not None
    with served(folder, "payment", broker_url, {}) as payment, Proxy(port) as proxy:
        with BusClient(broker_url, caller="operator", tenant="default", timeout_s=30) as operator:
            for item in seed_of_matter()["fee_items"]:
                operator.payment.put_fee_item(**item)
        yield World(payment, broker_url, proxy, folder)


@pytest.fixture(scope="module")
def gateway(world: World) -> Iterator[Gateway]:
    with Gateway(world.folder, world.proxied_url) as gateway:
        wait_until(gateway.ready, "the gateway is ready")
        yield gateway
        assert "http.request.crashed" not in gateway.process.log()


@pytest.mark.parametrize("case", SUITE, ids=lambda case: case.__name__)
def test_the_real_client_behind_the_edge(world: World, case: Callable[[Bench], Awaitable[None]]) -> None:
    """The suite that the unit tests' fake bus passes."""
    async def run() -> None:
        bus = AsyncBusClient(world.broker_url, caller="gateway")
        await bus.start()
        try:
            await case(Bench(bus, world.silenced))
        finally:
            await bus.close()

    asyncio.run(run())


def test_an_order_is_made_once_for_one_key(gateway: Gateway) -> None:
    key = new_id("key")
    first, second = gateway.create(key), gateway.create(key)
    assert (first.status_code, first.json()) == (200, second.json())
    other = gateway.client.post(CREATE, json=ORDER | {"reference": "x"}, headers={"Idempotency-Key": key})
    assert (other.status_code, other.json()["code"]) == (409, "bus.operation-reused")


def test_a_service_that_is_slow_is_504_and_asking_again_gives_what_was_done(world: World, gateway: Gateway) -> None:
    key = new_id("key")
    with world.silenced():
        started = time.monotonic()
        late = gateway.create(key, timeout_s=0.5)
        assert time.monotonic() - started < 5
    assert (late.status_code, late.json()["code"]) == (504, "bus.no-reply"), late.text
    assert late.json()["details"]["idempotency_key"] == late.headers["idempotency-key"] == key
    again = gateway.create(key)
    assert (again.status_code, again.json()["state"]) == (200, "created")
    assert gateway.create(key).json() == again.json()


def test_a_service_that_never_ran_here_is_503(gateway: Gateway) -> None:
    answer = gateway.client.post("/v1/matter/list-matters", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "gateway.service-not-running")
    assert answer.headers["retry-after"] == "1"


def test_metrics_are_on_the_health_port_alone(gateway: Gateway) -> None:
    assert gateway.client.get("/metrics").status_code == 404
    metrics = httpx.get(f"http://{LOOPBACK}:{gateway.health_port}/metrics").text
    assert "zhongtai_http_requests_total" in metrics


def test_a_lost_broker_is_503_in_time_and_comes_back_by_itself(world: World, gateway: Gateway) -> None:
    world.proxy.black_hole()  # whoever connects anew hears nothing
    world.proxy.reset()
    try:
        wait_until(lambda: not gateway.ready(), "not ready without a broker")
        answer = gateway.create(new_id("key"), timeout_s=0.5)
        assert (answer.status_code, answer.json()["code"]) == (503, "bus.broker-unavailable"), answer.text
        assert answer.headers["retry-after"] == "1"
        assert gateway.live()
        assert "not ready" in gateway.client.get("/?lang=en").text
    finally:
        world.proxy.heal()
    wait_until(gateway.ready, "ready again", seconds=30)
    assert gateway.create(new_id("key")).status_code == 200


def test_many_and_huge_bodies_leave_its_memory_flat(gateway: Gateway) -> None:
    """64 bodies without end, 16 at a time, each thrown away after 8 MiB: half a gigabyte in all."""
    process = psutil.Process(gateway.process.pid)

    def send() -> None:
        with Connection(gateway.address) as connection:
            connection.send(f"POST {CREATE} HTTP/1.1", "Host: x", f"Authorization: Bearer {KEY}",
                            "Content-Type: application/json", "Transfer-Encoding: chunked")
            while connection.send_raw(b"10000\r\n" + b"x" * 65_536 + b"\r\n"):
                pass

    def wave() -> None:
        senders = [threading.Thread(target=send) for _ in range(16)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(60)
            assert not sender.is_alive()

    wave()  # what it needs once
    before = process.memory_info().rss
    for _ in range(3):
        wave()
    assert process.memory_info().rss - before < 24 * 1024 * 1024
    assert gateway.create(new_id("key")).status_code == 200


def test_a_stop_finishes_what_runs_and_then_ends(world: World) -> None:
    body = json.dumps(ORDER).encode()
    with Gateway(world.folder, world.broker_url) as gateway, Connection(gateway.address) as connection:
        wait_until(gateway.ready, "the gateway is ready")
        with world.silenced():
            connection.send(
                f"POST {CREATE} HTTP/1.1", "Host: x", f"Authorization: Bearer {KEY}", "Expect: 100-continue",
                "Content-Type: application/json", f"Content-Length: {len(body)}")
            assert status_of(connection.read_some()) == 100  # it is being worked on
            connection.send_raw(body)
            gateway.process.terminate()
            wait_until(lambda: not _listens(gateway.port), "it takes no more connections")
        answer = connection.read_to_the_end()
        assert status_of(answer) == 200, answer
        assert b'"state":"created"' in answer
        assert gateway.process.wait_exit() == 0
        assert "Traceback" not in gateway.process.log()


def _listens(port: int) -> bool:
    with suppress(OSError), Connection(f"http://{LOOPBACK}:{port}"):
        return True
    return False
