"""`python -m tests.benchmarks.ours.main CONFIGURATION SERVICE…`: what `zhongtai serve` does, for the services here."""
from __future__ import annotations

from shared_components.bus.green.patching import patch, settle_memory

patch()

import sys  # noqa: E402
import time  # noqa: E402
from functools import partial  # noqa: E402

from shared_components.configuration.loading import for_service, load_configuration  # noqa: E402
from shared_components.contracts.registry import service_contract  # noqa: E402
from shared_components.observability import register_contract  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.observability.logs import configure_from  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from shared_components.runtime.platform import POLL_S, StopSignal, health_server  # noqa: E402
from tests.benchmarks.ours.services import SERVICES  # noqa: E402


def main(path: str, names: list[str]) -> int:
    configuration = load_configuration(path)
    configure_from(configuration["log"])
    stop, health = StopSignal(), Health()
    services = [SERVICES[name] for name in names]
    for service in services:
        register_contract(service_contract(service))
    host = ServiceHost(services, partial(for_service, configuration), health)
    host.start()
    settle_memory()
    server = health_server(configuration, health, names)
    while not stop.is_set:
        time.sleep(POLL_S)
        died = host.failed()
        if died is not None:
            sys.stderr.write(f"{died} has died\n")
            return 1
    clean = host.stop(configuration["bus"]["drain_s"])
    if server is not None:
        server.stop()
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
