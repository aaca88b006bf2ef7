"""Patch this process for eventlet, with a psycopg2 that waits cooperatively."""
from __future__ import annotations

import gc
import os
import sys
import threading
from typing import Any

# psycopg2 applies its own connect_timeout only where it waits itself.
CONNECT_TIMEOUT_S = 5.0
_HUB = "EVENTLET_HUB"


def patch(*, asyncio_hub: bool = False) -> None:
    """Patch the standard library for eventlet. Call it before anything else is imported.

    asyncio_hub: run greenlets on an asyncio loop, so that an ASGI server can live in the same thread.
    """
    if asyncio_hub:
        os.environ[_HUB] = "asyncio"
    import eventlet
    import eventlet.debug
    from eventlet.hubs import get_hub

    eventlet.monkey_patch()
    if asyncio_hub:
        get_hub()
        # The choice is made. Processes that this one starts make their own.
        del os.environ[_HUB]
    # The hub would print tracebacks past our logs and their redaction; who waits for a greenlet gets its exception.
    eventlet.debug.hub_exceptions(False)
    from psycopg2 import extensions

    extensions.set_wait_callback(_wait)


def _wait(connection: Any, timeout: object = None) -> None:
    """Wait for a psycopg2 connection without holding up the other greenlets.

    Statements are bounded by the server's statement_timeout and the socket's tcp_user_timeout; connecting by ours.
    """
    from eventlet.hubs import trampoline
    from psycopg2 import OperationalError, extensions

    connecting = connection.status == extensions.STATUS_SETUP
    limit_s = CONNECT_TIMEOUT_S if connecting else None
    slow = OperationalError(f"no answer from the database server within {CONNECT_TIMEOUT_S:.0f} s")
    while (state := connection.poll()) != extensions.POLL_OK:
        if state == extensions.POLL_READ:
            trampoline(connection.fileno(), read=True, timeout=limit_s, timeout_exc=slow)
        elif state == extensions.POLL_WRITE:
            trampoline(connection.fileno(), write=True, timeout=limit_s, timeout_exc=slow)
        else:
            raise OperationalError(f"unexpected state {state} of a database connection")


def settle_memory() -> None:
    """Call it once everything is loaded: what is here now stays, and garbage is looked for less often.

    The calls of a group make thousands of containers that live for milliseconds; at Python's own thresholds a tenth of
    a service's computing is looking at them, and at all that was loaded, for cycles that are not there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def plain_lock() -> Any:
    """A lock between threads, also in a green process: for lines in which nothing is waited for.

    Between greenlets they need none, and eventlet's own takes three times as long to take.
    """
    try:
        from eventlet import patcher
    except ModuleNotFoundError:  # Only the client is installed: nothing is ever patched.
        return threading.Lock()
    return patcher.original("threading").Lock()


def is_green() -> bool:
    """Tell whether eventlet has patched this process's sockets."""
    # Not imported to find out: a thread that imports it first cannot be joined any more.
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("socket"))
