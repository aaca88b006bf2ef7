"""`python -m tests.integration.bus.echo.main CONFIGURATION SERVICE…`: services in this process until SIGTERM."""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402
from unittest import mock  # noqa: E402

from shared_components.bus.amqp.connection import BrokerConnection  # noqa: E402
from shared_components.bus.amqp.reconnecting import ReconnectingConnection  # noqa: E402
from shared_components.bus.server import rpc_consumer  # noqa: E402
from shared_components.bus.server.inbound import InboundCall  # noqa: E402
from shared_components.bus.server.replies import send_replies  # noqa: E402
from shared_components.configuration.loading import for_service, load_configuration  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.observability.health_server import HealthServer  # noqa: E402
from shared_components.observability.logs import configure_from  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from tests.integration.bus.echo.service import SERVICES  # noqa: E402


def start(configuration_path: str, names: list[str]) -> tuple[ServiceHost, dict[str, Any]]:
    configuration = load_configuration(configuration_path)
    configure_from(configuration["log"])
    health = Health()
    if os.environ.get("BUS_TEST_HEALTH_PORT"):
        HealthServer(health, port=int(os.environ["BUS_TEST_HEALTH_PORT"])).start()
    host = ServiceHost(
        [SERVICES[name] for name in names], lambda service: for_service(configuration, service), health)  # fmt: skip
    host.start()
    return host, configuration


def _die_before_replies(flag: str) -> None:
    """Kill this process, once, where work is committed but not yet answered."""

    def die_or_send(calls: Sequence[InboundCall], max_bytes: int) -> None:
        if os.path.exists(flag):
            os.unlink(flag)
            os.kill(os.getpid(), signal.SIGKILL)
        send_replies(calls, max_bytes)

    mock.patch.object(rpc_consumer, "send_replies", die_or_send).start()


def _break_consumer_loops(flag: str) -> None:
    """From when the file is there, a loop that must connect anew ends by a bug."""
    open_link = ReconnectingConnection._open

    def fail_or_open(session: ReconnectingConnection) -> BrokerConnection | None:
        if os.path.exists(flag):
            raise ValueError("a bug in the consumer loop")
        return open_link(session)

    mock.patch.object(ReconnectingConnection, "_open", fail_or_open).start()


def main() -> int:
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    if os.environ.get("BUS_TEST_DIE"):
        _die_before_replies(os.environ["BUS_TEST_DIE"])
    if os.environ.get("BUS_TEST_BREAK_LOOPS"):
        _break_consumer_loops(os.environ["BUS_TEST_BREAK_LOOPS"])
    host, configuration = start(sys.argv[1], sys.argv[2:])
    while not stopping:
        time.sleep(0.05)
        died = host.failed()
        if died:
            sys.stderr.write(f"{died} has died\n")
            return 1
    return 0 if host.stop(configuration["bus"]["drain_s"] + 2) else 1


if __name__ == "__main__":
    sys.exit(main())
