"""The bus: services and clients on nameko's extension API, with coalesced calls and group commit.

Service authors need `rpc_method`, `on_event`, `every`, `TransactionProvider`; callers need `BusClient` (blocking) or
`AsyncBusClient` (shared_components.bus.client.asyncio_).
"""
from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from shared_components.kernel.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from shared_components.bus.client.blocking import BusClient
    from shared_components.bus.green.real_threads import RealThreads, ThreadsBusy
    from shared_components.bus.green.side_by_side import side_by_side
    from shared_components.bus.server.entrypoints import every, on_event, rpc_method
    from shared_components.bus.server.event_recorder import EventRecorder, TransactionScope
    from shared_components.bus.server.transactions import TransactionProvider, Transactions, service_settings

__all__ = [
    "BusClient", "EventRecorder", "RealThreads", "ThreadsBusy", "TransactionProvider", "TransactionScope",
    "Transactions", "every", "on_event", "rpc_method", "service_settings", "side_by_side",
]

_HOMES = {
    "BusClient": "client.blocking",
    "EventRecorder": "server.event_recorder",
    "RealThreads": "green.real_threads",
    "ThreadsBusy": "green.real_threads",
    "TransactionProvider": "server.transactions",
    "TransactionScope": "server.event_recorder",
    "Transactions": "server.transactions",
    "every": "server.entrypoints",
    "on_event": "server.entrypoints",
    "rpc_method": "server.entrypoints",
    "service_settings": "server.transactions",
    "side_by_side": "green.side_by_side",
}

# nameko is built on eventlet; that eventlet is in maintenance only is weighed in docs/adr, and whoever uses our clients
# can do nothing about it. Not where a program imports eventlet itself: the module is the one that does.
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated\. It is", module=r"(nameko|shared_components)\.")

# Late, because `shared_components.bus.green.patching.patch()` must run before nameko and sockets are imported.
__getattr__ = lazy_exports(__name__, _HOMES)
