"""Messages of a process of the platform when it starts."""
from __future__ import annotations

import logging

import httpx
import pytest

from shared_components.observability.health import Health
from shared_components.runtime.platform import health_server


def test_a_health_port_that_the_system_chose_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Several processes on one host have one configuration, so no port of theirs can be written there."""
    with caplog.at_level(logging.INFO):
        server = health_server({"health": {"host": "127.0.0.1", "port": 0}}, Health(), ["payment"])
    assert server is not None
    try:
        (line,) = [record for record in caplog.records if record.message == "health.listening"]
        told = vars(line)
        assert (told["port"], told["services"]) == (server.port, ["payment"])
        assert httpx.get(f"http://{told['host']}:{told['port']}/metrics").status_code == 200
    finally:
        server.stop()


def test_without_a_health_port_there_is_no_health_server() -> None:
    assert health_server({"health": {"host": "127.0.0.1", "port": None}}, Health(), ["payment"]) is None
