"""The bus: services and clients on nameko's extension API, with coalesced calls and group commit.

Service authors need `rpc_method`, `on_event`, `every`, `UnitOfWorkProvider`; callers need `BusClient` (blocking) or
`AsyncBusClient` (shared_components.bus.aio).
"""
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared_components.bus.call import Call, CallContext, Event
    from shared_components.bus.client import BusClient
    from shared_components.bus.entrypoints import every, on_event, rpc_method
    from shared_components.bus.recorder import EventRecorder, UnitScope
    from shared_components.bus.unit import UnitOfWorkProvider, Units

__all__ = [
    "BusClient", "Call", "CallContext", "Event", "EventRecorder", "UnitOfWorkProvider", "UnitScope", "Units", "every",
    "on_event", "rpc_method",
]

_HOMES = {
    "BusClient": "client", "Call": "call", "CallContext": "call", "Event": "call", "EventRecorder": "recorder",
    "UnitOfWorkProvider": "unit", "UnitScope": "recorder", "Units": "unit", "every": "entrypoints",
    "on_event": "entrypoints", "rpc_method": "entrypoints",
}


def __getattr__(name: str) -> Any:
    # Late, because `shared_components.bus.runtime.patch()` must run before nameko and sockets are imported.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
