"""`python -m tests.faults.serve CONFIGURATION SERVICE…`: what `zhongtai serve` does, for the laboratory's services too.

Here the protections of the bus can be turned off (tests/faults/switches.py), and the process can end at one of its
steps (tests/faults/crash_points.py).
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import sys  # noqa: E402
import time  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

from shared_components.configuration.loading import for_service, load_configuration, load_service_settings  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.observability.logs import configure_from  # noqa: E402
from shared_components.runtime.discovery import service_class  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from shared_components.runtime.platform import StopSignal  # noqa: E402
from tests.faults.crash_points import hook_of_environment, watch_asks  # noqa: E402
from tests.faults.services.auditor import Auditor, Clerk  # noqa: E402
from tests.faults.services.registrar import Registrar  # noqa: E402
from tests.faults.services.relay import Relay  # noqa: E402
from tests.faults.services.rights import Porter, Steward  # noqa: E402
from tests.faults.services.till import Till  # noqa: E402
from tests.faults.switches import apply_switches  # noqa: E402

_OWN = (Till, Relay, Auditor, Clerk, Registrar, Steward, Porter)
OWN: dict[str, type[Any]] = {service.name: service for service in _OWN}


def main(path: str, names: list[str]) -> int:
    configuration = load_configuration(path)
    configure_from(configuration["log"])
    apply_switches(configuration["environment"])
    stop, hook = StopSignal(), hook_of_environment()
    watch_asks(hook)
    host = ServiceHost(
        [OWN.get(name) or service_class(name) for name in names], partial(for_service, configuration), Health(),
        load_settings=load_service_settings, step_hook=hook,
    )  # fmt: skip
    host.start()
    while not stop.is_set:
        time.sleep(0.05)
        died = host.failed()
        if died:
            sys.stderr.write(f"{died} has died\n")
            return 1
    return 0 if host.stop(configuration["bus"]["drain_s"] + 5) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
