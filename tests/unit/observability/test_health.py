from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from shared_components.observability import Health, HealthPortUnusable, HealthServer, Metrics


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def server(health: Health) -> Iterator[HealthServer]:
    server = HealthServer(health, metrics=Metrics()).start()
    yield server
    server.stop()


def get(server: HealthServer, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{server.port}{path}", timeout=5)


def test_a_process_with_no_consumer_is_not_alive(server: HealthServer) -> None:
    assert get(server, "/live").status_code == 503
    assert get(server, "/ready").json()["checks"]["consumers"]["reason"] == "no consumer is registered"


def test_live_and_ready_when_every_check_passes(server: HealthServer, health: Health) -> None:
    health.add_liveness("rpc", lambda: None)
    health.add_readiness("database", lambda: None)
    assert get(server, "/live").json() == {"status": "ok", "checks": {"rpc": {"ok": True}}}
    assert set(get(server, "/ready").json()["checks"]) == {"rpc", "database"}


def test_a_failing_dependency_makes_it_unready_but_keeps_it_alive(server: HealthServer, health: Health) -> None:
    health.add_liveness("rpc", lambda: None)
    health.add_readiness("broker", lambda: "not connected")
    assert get(server, "/live").status_code == 200
    answer = get(server, "/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False, "reason": "not connected"}
    health.remove("broker")
    assert get(server, "/ready").status_code == 200


def test_a_check_that_raises_counts_as_failing_and_shows_no_message(server: HealthServer, health: Health) -> None:
    def broken() -> None:
        raise RuntimeError("林静 33010619850615002X")

    health.add_liveness("rpc", broken)
    answer = get(server, "/live")
    assert answer.status_code == 503 and answer.json()["checks"]["rpc"]["reason"] == "RuntimeError"


def test_metrics_unknown_paths_and_methods(server: HealthServer) -> None:
    assert "zhongtai_calls" in get(server, "/metrics").text
    assert get(server, "/nothing").status_code == 404
    assert httpx.post(f"http://127.0.0.1:{server.port}/live").status_code == 501
    assert httpx.head(f"http://127.0.0.1:{server.port}/live").content == b""


def test_a_silent_client_blocks_nobody(server: HealthServer, health: Health) -> None:
    health.add_liveness("rpc", lambda: None)
    with socket.create_connection(("127.0.0.1", server.port)):
        assert get(server, "/live").status_code == 200


def test_a_port_in_use_is_a_clear_error(server: HealthServer, health: Health) -> None:
    with pytest.raises(HealthPortUnusable, match=rf"health\.port is {server.port}, and .* is in use") as caught:
        HealthServer(health, port=server.port)
    assert caught.value.key == "health.port"
    with pytest.raises(HealthPortUnusable):
        HealthServer(health, port=70_000)


def test_stop_frees_the_port_and_may_be_called_twice(health: Health) -> None:
    server = HealthServer(health).start()
    server.stop()
    server.stop()
    again = HealthServer(health, port=server.port)
    again.stop()


def test_it_serves_from_a_green_process_too() -> None:
    code = """
import eventlet; eventlet.monkey_patch()
import urllib.request
from shared_components.observability import Health, HealthServer
health = Health(); health.add_liveness("rpc", lambda: None)
server = HealthServer(health).start()
print(urllib.request.urlopen(f"http://127.0.0.1:{server.port}/live", timeout=5).status)
server.stop()
"""
    command = [sys.executable, "-W", "ignore", "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert shown.strip() == "200"


def test_observability_does_not_import_eventlet() -> None:
    code = "import sys, shared_components.observability, shared_components.security; print('eventlet' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "False"
