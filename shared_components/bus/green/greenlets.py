"""Names that the rest of the platform needs from eventlet: greenlets, their hub, a time limit."""
from __future__ import annotations

from eventlet import Timeout, hubs, spawn
from eventlet.asyncio import spawn_for_awaitable

__all__ = ["Timeout", "hubs", "spawn", "spawn_for_awaitable"]
