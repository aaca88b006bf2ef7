"""A stub with both ways in, as tests and `zhongtai stub` use it."""
from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared_components.contracts.store import FILE, read_contract
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.http.asgi import AsgiHost
from shared_components.runtime.client_contracts import contracts_in
from shared_components.runtime.discovery import chosen_services, service_folder
from shared_components.testing.stub.answers import StubbedMethod, StubServices
from shared_components.testing.stub.bus_server import BusStub
from shared_components.testing.stub.http_app import stub_app

STOP_S = 5.0


@dataclass(frozen=True)
class Stub:
    """url: for a client of the bus in this process; http_url: for a client of the HTTP API."""

    services: StubServices
    url: str
    http_url: str

    def stub(self, target: str) -> StubbedMethod:
        """See StubServices.stub."""
        return self.services.stub(target)

    def calls(self, target: str | None = None) -> list[Any]:
        """See StubServices.calls."""
        return list(self.services.calls(target))


def contracts_of(services: Iterable[str], folder: Path | None = None) -> list[dict[str, Any]]:
    """Contracts of this installation, or copies in a folder. Raises ContractInvalid for an unreadable one."""
    if folder is not None:
        wanted = set(services)
        return [one for one in contracts_in(folder) if not wanted or one["service"] in wanted]
    return [read_contract(service_folder(name) / FILE) for name in chosen_services(tuple(services))]


@contextmanager
def running_stub(contracts: Iterable[dict[str, Any]], *, port: int = 0, url: str | None = None) -> Iterator[Stub]:
    """A stub for the length of a block. port: of HTTP, 0 for a free one; url: of a broker instead of `inproc://`."""
    services = StubServices(contracts)
    bus_url = url or f"inproc://{unique_name()}"
    with BusStub(services, bus_url), _serving(services, port or free_port()) as http_url:
        yield Stub(services, bus_url, http_url)


@contextmanager
def _serving(services: StubServices, port: int) -> Iterator[str]:
    host = AsgiHost(stub_app(services), host=LOOPBACK, port=port, stop_timeout_s=STOP_S)
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(host.serve(stopping)), name="stub-http")
    thread.start()
    until = time.monotonic() + STOP_S
    while not host.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()
