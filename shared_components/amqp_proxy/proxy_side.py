"""Base of both sides of a connection through the AMQP proxy."""
from __future__ import annotations

import asyncio
from typing import cast

# For what is left to be written to a side when the other has gone.
LINGER_S = 10.0


class ProxySide(asyncio.Protocol):
    """Reads while nothing holds it: holds are the other side's full buffer, the rate, or a wait for the broker."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._holds: set[str] = set()
        self._lingering: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def hold(self, why: str) -> None:
        if not self._holds and self.transport is not None:
            self.transport.pause_reading()
        self._holds.add(why)

    def release(self, why: str) -> None:
        self._holds.discard(why)
        if not self._holds and self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    def send(self, data: bytes) -> None:
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def close(self) -> None:
        """Close after the remaining bytes are written, at most LINGER_S later."""
        if self.transport is not None and self._lingering is None:
            self.transport.close()
            self._lingering = asyncio.get_running_loop().call_later(LINGER_S, self.transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        """Nothing is kept of a connection that has gone: with TLS it would be a quarter of a MiB."""
        self.transport = None
        if self._lingering is not None:
            self._lingering.cancel()


def address_of(transport: asyncio.Transport, which: str) -> tuple[str, int]:
    """Empty when it had gone before it could be asked. Asked at the begin: TLS forgets it with the end."""
    found = transport.get_extra_info(which) or ("", 0)
    return str(found[0]), int(found[1])
