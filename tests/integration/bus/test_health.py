"""Liveness and readiness tell the truth. With the broker gone or blocked: test_failures.py."""
from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import LOOPBACK
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.servers import PostgreSQL
from tests.faults.proxy import Proxy
from tests.integration.bus.conftest import Bench
from tests.integration.bus.test_failures import Background
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration


def test_without_its_database_a_service_is_alive_but_not_ready(bench: Bench, postgres: PostgreSQL) -> None:
    if not isinstance(postgres, PrivatePostgreSQL):
        pytest.skip("the database named by the environment cannot be closed")
    service, probe = bench.start_probed("echo")
    service.wait_until_consuming(bench.raw(), "rpc-echo")
    probe.wait_ready()
    name = bench.database_url.rpartition("/")[2]
    postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
        probe.wait_unready_but_alive("echo-database")
    finally:
        postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    probe.wait_ready()


def test_a_service_waits_for_a_broker_that_is_down_at_its_start(bench: Bench) -> None:
    raw, parts = bench.raw(), urlsplit(bench.broker_url)
    with Proxy(int(parts.port or 5672)) as proxy:
        proxy.cut_after(0, "up")  # whoever speaks is cut off
        address = f"{parts.username}:{parts.password}@{LOOPBACK}:{proxy.port}"
        behind = replace(bench, broker_url=parts._replace(netloc=address).geturl())
        service, probe = behind.start_probed("echo")
        wait_until(probe.live, "alive without a broker", seconds=20)
        probe.wait_unready_but_alive("rpc-echo-consuming")
        assert raw.consumers("rpc-echo") == 0
        proxy.heal()
        service.wait_until_consuming(raw, "rpc-echo")
        probe.wait_ready()
        assert bench.client().echo.keep(key="k", timeout_s=10) == {"key": "k"}
        service.terminate()
        assert service.wait_exit() == 0


def test_a_draining_process_is_alive_but_not_ready(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    gate = bench.folder / "gate"
    service, probe = bench.start_probed("echo", "listener", BUS_TEST_GATE=str(gate))
    service.wait_until_consuming(raw, "rpc-echo").wait_until_consuming(raw, "events.listener.on_kept")
    probe.wait_ready()
    call = Background(lambda: client.echo.keep(key="gated", timeout_s=20))
    bench.effects.wait_for("started gated")
    assert 'zhongtai_in_flight{service="echo"} 1.0' in probe.metrics()
    service.terminate()
    probe.wait_unready_but_alive("rpc-echo-consuming")
    gate.touch()
    assert call.result() == {"key": "gated"}
    assert service.wait_exit() == 0


def test_a_process_whose_consumer_loop_has_ended_ends_itself(bench: Bench, private: PrivateRabbitMQ) -> None:
    """A process that is up and consumes nothing would be taken for a healthy one."""
    flag = bench.folder / "break"
    service = bench.start("echo", BUS_TEST_BREAK_LOOPS=str(flag)).wait_until_consuming(bench.raw(), "rpc-echo")
    flag.touch()
    private.ctl("close_all_connections", "--vhost", bench.broker_url.rpartition("/")[2], "a test")
    assert service.wait_exit() == 1
