"""`python -m … BROKER_URL FOLDER`: all real services here, and a plain nameko client that calls each of their methods.

Every call is empty. Writes FOLDER/outcomes.json: {"service.method": "ok" or the code of the error}.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from nameko.standalone.rpc import ClusterRpcProxy  # noqa: E402

import shared_components.inproc  # noqa: E402, F401  registers the transport
from shared_components.bus.errors import RemoteServiceError  # noqa: E402
from shared_components.configuration.loading import load_configuration  # noqa: E402
from shared_components.kernel.callers import GATEWAY  # noqa: E402
from shared_components.observability.logs import configure_from  # noqa: E402
from shared_components.runtime.discovery import contract_of, service_names  # noqa: E402
from shared_components.runtime.migrations import migrate_services  # noqa: E402
from shared_components.runtime.platform import running  # noqa: E402

Methods = dict[str, list[tuple[str, str]]]


def main(broker_url: str, folder: Path) -> None:
    services = [name for name in service_names() if name != GATEWAY]
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "broker": {"url": broker_url}, "log": {"format": "json"},
        "database": {"url": f"sqlite:///{folder}/zhongtai.db"},
    }))  # fmt: skip
    configuration = load_configuration(str(path), environ={})
    configure_from(configuration["log"])
    migrate_services(configuration["database"]["url"], tuple(services))
    with running(configuration, services):
        outcomes = dict(_call_all(broker_url, _methods_by_caller(services)))
        (folder / "outcomes.json").write_text(json.dumps(outcomes))


def _methods_by_caller(services: list[str]) -> Methods:
    """Each method under one of the callers that its contract lets in."""
    found: Methods = defaultdict(list)
    for service in services:
        for method in contract_of(service).methods.values():
            found[min(method.callers).replace("app", "app-demo")].append((service, method.name))
    return found


def _call_all(broker_url: str, methods: Methods) -> Iterator[tuple[str, str]]:
    for caller, names in methods.items():
        with ClusterRpcProxy({"AMQP_URI": broker_url}, context_data={"caller": caller}, timeout=15) as cluster:
            for service, method in names:
                yield f"{service}.{method}", _outcome(getattr(getattr(cluster, service), method))


def _outcome(call: Any) -> str:
    try:
        call()
    except RemoteServiceError as error:
        return error.code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)
