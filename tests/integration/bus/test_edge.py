"""Apps reach a real RabbitMQ through `zhongtai edge`."""
from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import amqp
import pytest

from shared_components.bus import BusClient
from shared_components.bus.amqp import names
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.errors import PayloadTooLarge
from shared_components.devstack.processes import LOOPBACK
from shared_components.kernel.errors import AppError, Unavailable
from tests.certificates import Authority
from tests.integration.bus.conftest import Bench
from tests.integration.bus_harness import ROOT, RawBroker, wait_until
from tests.integration.edge_harness import EdgeProcess

pytestmark = pytest.mark.integration
MIB = 1024 * 1024
CALL_IN_A_PROCESS = """
import sys
from shared_components.bus import BusClient
from shared_components.bus.amqp import names
with BusClient(sys.argv[1], timeout_s=2) as client:
    print(client.echo.echo(value="through TLS"))
"""


@pytest.fixture
def edge(bench: Bench) -> Iterator[EdgeProcess]:
    with EdgeProcess(bench.folder, bench.broker_url, health=True) as edge:
        yield edge


@pytest.fixture
def kept(bench: Bench) -> RawBroker:
    """At the broker itself: what is called as `kept.say` is in the queue `kept`."""
    raw = bench.raw()
    raw.channel.exchange_declare(names.RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    raw.queue("kept", exchange=names.RPC_EXCHANGE, key="kept.say")
    return raw


@pytest.fixture
def raw(edge: EdgeProcess) -> Iterator[Callable[[], RawBroker]]:
    opened = []

    def connect() -> RawBroker:
        opened.append(RawBroker(edge.url))
        return opened[-1]

    yield connect
    for one in opened:
        one.__exit__(None, None, None)


def metric(edge: EdgeProcess, line: str) -> float:
    with urllib.request.urlopen(f"http://{LOOPBACK}:{edge.health_port}/metrics", timeout=5) as answer:
        found = [text.split()[-1] for text in answer.read().decode().splitlines() if text.startswith(line)]
    return float(found[0]) if found else 0.0


def test_calls_of_every_client_go_through(bench: Bench, edge: EdgeProcess) -> None:
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    client = bench.client(url=edge.url)
    assert client.echo.echo(value="through the edge", timeout_s=5) == {"value": "through the edge"}
    assert client.echo.echo(value="x" * 200_000, timeout_s=5) == {"value": "x" * 200_000}
    with pytest.raises(PayloadTooLarge):
        client.echo.echo(value="x" * 300_000, timeout_s=5)

    async def beside() -> list[Any]:
        async with AsyncBusClient(edge.url) as many:
            return await asyncio.gather(*(many.echo.echo(value=str(number), timeout_s=5) for number in range(500)))

    assert asyncio.run(beside()) == [{"value": str(number)} for number in range(500)]
    stock = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import sys\nfrom nameko.standalone.rpc import ClusterRpcProxy\n"
         "with ClusterRpcProxy({'AMQP_URI': sys.argv[1]}) as rpc: print(rpc.echo.echo(value=str(7)))", edge.url],
        capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
    assert stock.stdout.strip() == "{'value': '7'}", stock.stderr
    assert metric(edge, 'zhongtai_edge_bytes_total{direction="from-apps"}') > 200_000
    assert metric(edge, "zhongtai_edge_connections{") == 1


@pytest.mark.parametrize("size", [MIB + 1, 16 * MIB, 64 * MIB])
def test_a_message_too_large_is_refused_with_the_code_of_the_broker_and_never_reaches_it(
    size: int, edge: EdgeProcess, raw: Callable[[], RawBroker], kept: RawBroker,
) -> None:  # fmt: skip
    sender = raw()
    sender.publish(b"small", key="kept.say")
    with pytest.raises(amqp.exceptions.PreconditionFailed, match=f"a message has {size} bytes; at most {MIB} are"):
        sender.publish(b"x" * size, key="kept.say")
        sender.channel.basic_qos(0, 1, False)
    kept.wait_for_depth("kept", 1)
    assert metric(edge, 'zhongtai_edge_bytes_total{direction="from-apps"}') < 10_000
    assert metric(edge, 'zhongtai_edge_refusals_total{reason="message-too-large"}') == 1
    refused, = edge.events("edge.app.refused")
    assert refused["reason"] == "message-too-large"
    assert str(size) in refused["detail"]
    assert refused["peer"].startswith(f"{LOOPBACK}:")
    assert refused["level"] == "warning"


def test_the_largest_allowed_message_goes_through(raw: Callable[[], RawBroker], kept: RawBroker) -> None:
    raw().publish(b"x" * MIB, key="kept.say")
    kept.wait_for_depth("kept", 1)


def test_an_edge_heals_with_its_broker(bench: Bench, private: Any, edge: EdgeProcess) -> None:
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    client = bench.client(url=edge.url)
    assert client.echo.echo(value="1", timeout_s=5) == {"value": "1"}
    private.kill()
    with pytest.raises(Unavailable):
        client.echo.echo(value="2", timeout_s=0.5)
    private.start()

    def serves() -> bool:
        try:
            return bool(client.echo.echo(value="3", timeout_s=2) == {"value": "3"})
        except AppError:  # or no reply, while the service connects anew
            return False

    wait_until(serves, "calls go through again", seconds=30)


def test_at_a_stop_apps_hear_of_it_and_the_process_ends_well(raw: Callable[[], RawBroker], edge: EdgeProcess) -> None:
    app = raw()
    stopping = threading.Thread(target=edge.process.stop)
    stopping.start()
    with pytest.raises(amqp.exceptions.ConnectionForced, match="the edge is being stopped; connect again"):
        while True:
            app.channel.basic_qos(0, 1, False)
    stopping.join()
    assert edge.process.wait() == 0


@pytest.mark.parametrize(("name", "trusted"), [(LOOPBACK, True), (LOOPBACK, False), ("elsewhere.example", True)])
def test_apps_may_speak_tls_and_only_with_whom_a_trusted_certificate_names(
    name: str, trusted: bool, bench: Bench, tmp_path: Path,
) -> None:  # fmt: skip
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    authority = Authority(tmp_path)
    with EdgeProcess(tmp_path, bench.broker_url, health=False, **authority.issue(name)) as edge:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CALL_IN_A_PROCESS, edge.url.replace("amqp://", "amqps://")],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
            env={"SSL_CERT_FILE": str(authority.path)} if trusted else {},
        )  # fmt: skip
    if trusted and name == LOOPBACK:
        assert (done.stdout, done.stderr) == ("{'value': 'through TLS'}\n", "")
    else:
        assert "bus.broker-unavailable" in done.stderr
        assert done.stdout == ""


@pytest.fixture
def secure_url(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with EdgeProcess(tmp_path, bench.broker_url, health=False, **authority.issue(LOOPBACK)) as edge:
        yield edge.url.replace("amqp://", "amqps://")
        assert "Traceback" not in edge.log.read_text()


def test_many_threads_share_a_client_that_speaks_tls(secure_url: str) -> None:
    values = [str(number) * (1 + number % 7 * 1000) for number in range(500)]
    with BusClient(secure_url) as client, ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda value: client.echo.echo(value=value, timeout_s=20), values))
    assert answers == [{"value": value} for value in values]


def test_a_client_speaks_tls_also_in_a_process_of_very_many_files(secure_url: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    with ExitStack() as files:
        for _ in range(1100):
            files.enter_context(open(os.devnull))
        with BusClient(secure_url) as client:
            assert client.echo.echo(value="1", timeout_s=5) == {"value": "1"}


def test_clients_that_spoke_tls_leave_no_socket_open(secure_url: str) -> None:
    def call() -> int:
        with BusClient(secure_url) as client:
            client.echo.echo(value="1", timeout_s=5)
        return len(os.listdir("/proc/self/fd"))

    before = call()
    for _ in range(10):
        call()
    wait_until(lambda: len(os.listdir("/proc/self/fd")) <= before, "sockets are closed")


def test_the_asyncio_client_speaks_tls_only_with_whom_the_certificate_names(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))

    async def call(url: str) -> Any:
        async with AsyncBusClient(url) as client:
            return await client.echo.echo(value="1", timeout_s=2)

    for name in (LOOPBACK, "elsewhere.example"):
        with EdgeProcess(tmp_path, bench.broker_url, health=False, **authority.issue(name)) as edge:
            url = edge.url.replace("amqp://", "amqps://")
            if name == LOOPBACK:
                assert asyncio.run(call(url)) == {"value": "1"}
            else:
                with pytest.raises(Unavailable):
                    asyncio.run(call(url))
