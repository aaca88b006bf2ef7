"""`status` and metrics tell which processes run, where and since when, the gateway's too, without any plugin."""
from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import amqp
import httpx
import orjson
import pytest

from shared_components.bus.amqp import instances, names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.instances import Instance
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.server import topology_watch
from shared_components.bus.server.topology_watch import Needed, TopologyWatch
from shared_components.devstack.processes import free_port
from shared_components.observability.health import Health
from shared_components.observability.health_server import HealthServer
from shared_components.observability.metrics import METRICS
from shared_components.runtime.operator_socket import DEFAULT_SOCKET, OperatorClient
from tests.e2e.commands import Running, zhongtai
from tests.integration.bus_harness import wait_until

HEADS = ["elicence", "gateway", "identity", "matter", "notification", "payment"]


@pytest.mark.integration
def test_in_one_process_status_and_the_health_port_tell_all(tmp_path: Path) -> None:
    health, http = free_port(), free_port()
    path = tmp_path / "zhongtai.yaml"
    path.write_text(json.dumps({"health": {"port": health}, "http": {"port": http}}))
    settings = {"ZHONGTAI_CONFIG": str(path)}
    with Running(tmp_path, more=settings) as running:
        running.address()
        for page in ("live", "ready", "metrics"):
            assert httpx.get(f"http://127.0.0.1:{health}/{page}").status_code == 200, page
        metrics = httpx.get(f"http://127.0.0.1:{health}/metrics").text
        told = re.findall(r'zhongtai_instance_started_seconds\{host="(.*?)",pid="(\d+)",service="(\w+)",', metrics)
        assert sorted(service for _, _, service in told) == HEADS
        assert 'zhongtai_queue_messages_unacknowledged{queue="rpc-payment"} 0.0' in metrics
        said = json.loads(zhongtai("status", "--json", cwd=tmp_path, **settings).stdout)
        rows = {row["service"]: row for row in said}
        (gateway,) = rows["gateway"]["instances"]
        assert (gateway["host"], str(gateway["pid"])) == told[0][:2]
        assert gateway["since"].endswith("+00:00") and gateway["version"]
        table = zhongtai("status", cwd=tmp_path, **settings).stdout
        assert f"payment\t{socket.gethostname()}\t{gateway['pid']}\t" in table
        with OperatorClient(str(tmp_path / DEFAULT_SOCKET)) as operator:
            assert [one.service for one in operator.instances()] == HEADS
        assert running.interrupt() == 0


@pytest.mark.integration
def test_on_rabbitmq_each_process_is_told_until_it_ends(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "KNOWN_FOR_MS", 1500)
    with BrokerView(broker_url) as view:
        watches = [TopologyWatch(broker_url, Needed([]), service=name, heartbeat_s=0, every_s=0.2)
                   for name in ("payment", "gateway")]
        assert view.instances() == []
        for watch in watches:
            watch.start()
        wait_until(lambda: [one.service for one in view.instances()] == ["gateway", "payment"], "both are told")
        assert {(one.host, one.pid) for one in view.instances()} == {(socket.gethostname(), os.getpid())}
        watches[0].stop()
        wait_until(lambda: [one.service for one in view.instances()] == ["gateway"], "one has ended")
        watches[1].stop()
        wait_until(lambda: view.instances() == [], "the other has ended")


@pytest.mark.integration
def test_the_queues_of_a_service_are_in_its_metrics(broker_url: str) -> None:
    connection = BrokerConnection(broker_url, heartbeat_s=0)
    connection.channel.queue_declare("rpc-metered", durable=True, auto_delete=False)
    for _ in range(3):
        connection.channel.basic_publish(amqp.Message(b"x"), routing_key="rpc-metered")
    watch = TopologyWatch(broker_url, Needed([], ["rpc-metered"]), service="metered", heartbeat_s=0, every_s=0.1)
    watch.start()
    try:
        wait_until(lambda: b'queue_messages_ready{queue="rpc-metered"} 3.0' in METRICS.render(), "three wait")
        assert b'queue_consumers{queue="rpc-metered"} 0.0' in METRICS.render()
        connection.channel.basic_consume("rpc-metered", callback=lambda message: None)
        wait_until(lambda: b'queue_consumers{queue="rpc-metered"} 1.0' in METRICS.render(), "one consumes")
        wait_until(lambda: b'queue_messages_ready{queue="rpc-metered"} 0.0' in METRICS.render(), "none waits")
    finally:
        watch.stop()
        connection.close()
        connection.dispose()


@pytest.mark.integration
def test_what_is_missing_for_long_leaves_no_channel_open(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """py-amqp opens a channel again that the broker has closed over a question."""
    connections, looks = [], []

    def connect(*given: Any, **named: Any) -> BrokerConnection:
        connections.append(BrokerConnection(*given, **named))
        return connections[-1]

    monkeypatch.setattr(topology_watch, "BrokerConnection", connect)
    needed = Needed(["no.exchange"], ["no.queue"], declare=lambda channel: looks.append(channel))
    watch = TopologyWatch(broker_url, needed, service="missing", heartbeat_s=0, every_s=0.02)
    watch.start()
    try:
        wait_until(lambda: len(looks) > 8, "it has looked often")
        assert watch.problem == "missing at the broker: exchange 'no.exchange', queue 'no.queue'"
        assert len(connections) == 1 and len(connections[0].channel.connection.channels) <= 4
    finally:
        watch.stop()


def message(**told: Any) -> Any:
    good = {"service": "payment", "host": "a", "pid": 1, "version": "0.1", "since": "2026-11-29T00:00:00+00:00"}
    return amqp.Message(orjson.dumps({**good, **told}))


def test_what_is_no_instance_is_left_out_and_of_one_process_the_newest_counts() -> None:
    wrong = [amqp.Message(body) for body in (b"", b"[]", b"7", b"null", b'{"service": "payment"}', b"\xff")]
    wrong += [message(pid="1"), message(host=7), message(host="x" * 300), message(service=None)]
    found = instances.newest([*wrong, message(), message(since="2026-11-29T01:00:00+00:00"), message(pid=2, more=1)])
    assert found == [Instance("payment", "a", 2, "0.1", "2026-11-29T00:00:00+00:00"),
                     Instance("payment", "a", 1, "0.1", "2026-11-29T01:00:00+00:00")]


def test_the_health_server_of_any_process_has_its_metrics() -> None:
    health = Health()
    health.add_liveness("http", lambda: None)
    server = HealthServer(health).start()
    try:
        for page in ("live", "ready", "metrics"):
            assert httpx.get(f"http://{server.host}:{server.port}/{page}").status_code == 200
    finally:
        server.stop()


@pytest.mark.integration
def test_the_gateway_in_a_process_of_its_own_serves_metrics_at_its_health_port(tmp_path: Path, broker_url: str) -> None:
    health, http = free_port(), free_port()
    path = tmp_path / "zhongtai.yaml"
    path.write_text(json.dumps({"health": {"port": health}, "http": {"port": http}, "broker": {"url": broker_url}}))
    connection = BrokerConnection(broker_url, heartbeat_s=0)
    topology.declare_exchange(connection.channel, names.RPC_EXCHANGE, "topic")  # without it the gateway is not ready
    connection.close()
    connection.dispose()
    with Running(tmp_path, "gateway", more={"ZHONGTAI_CONFIG": str(path)}) as running:
        running.address()
        metrics = httpx.get(f"http://127.0.0.1:{health}/metrics")
        assert (metrics.status_code, 'service="gateway"' in metrics.text) == (200, True)
        closed = httpx.get(f"http://127.0.0.1:{http}/metrics")
        assert (closed.status_code, "health.port" in closed.json()["detail"]) == (404, True)
        with BrokerView(broker_url) as view:
            wait_until(lambda: [one.service for one in view.instances()] == ["gateway"], "the gateway is told")
        assert running.interrupt() == 0
