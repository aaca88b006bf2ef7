"""Calls that are allowed between services, in one place. Everything else between services is an event.

gateway → matter → {identity, elicence, payment} → notification, and never back; a service may skip a layer.
"""
from __future__ import annotations

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"gateway"}),
    frozenset({"matter"}),
    frozenset({"identity", "elicence", "payment"}),
    frozenset({"notification"}),
)
# Callers that are no service: apps (any broker user `app-…`) and people of operations.
OUTSIDE = frozenset({"app", "operator"})
SERVICES = frozenset().union(*LAYERS)


def may_call(caller: str, callee: str) -> bool:
    """Whether an RPC from one service to another is allowed; a new service needs its place in LAYERS first."""
    position = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    return caller in position and callee in position and position[caller] < position[callee]
