"""Make this process green: eventlet's patches, and a psycopg2 that waits cooperatively."""
from __future__ import annotations

import os
import warnings


def patch(*, asyncio_hub: bool = False) -> None:
    """Patch the standard library for eventlet. Call it before anything else is imported.

    asyncio_hub: run greenlets on an asyncio loop, so that an ASGI server can live in the same thread.
    """
    if asyncio_hub:
        os.environ["EVENTLET_HUB"] = "asyncio"
    # nameko is built on eventlet; that eventlet is in maintenance only is weighed in docs/adr, not at every start.
    warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()


def is_green() -> bool:
    """Whether this process's sockets are eventlet's."""
    from eventlet import patcher

    return bool(patcher.is_monkey_patched("socket"))
