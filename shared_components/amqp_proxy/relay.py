"""One app's connection through the edge: two protocols of asyncio, one to the app and one to the broker."""
from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

from shared_components.amqp_proxy.frames import CLOSE_OK, PROTOCOL_HEADER, FrameFollower, FrameGuard
from shared_components.amqp_proxy.frames import connection_close as close_frame
from shared_components.amqp_proxy.limits import Limits, Refused
from shared_components.amqp_proxy.methods import AppMethods
from shared_components.amqp_proxy.proxy_side import ProxySide, address_of
from shared_components.amqp_proxy.refusal import Refusal
from shared_components.bus.amqp.connect_errors import why

# From connecting to the protocol header, TLS between them; after it the broker has a limit of its own.
GREETING_TIMEOUT_S = 10.0
# For a client that is refused to end what it is sending, hear why, and say that it has.
FAREWELL_S = 60.0


class Watcher(Protocol):
    """The edge, as a connection sees it."""

    limits: Limits
    tls: ssl.SSLContext | None

    def enter(self, app: AppSide) -> float: ...
    def leave(self, app: AppSide) -> None: ...
    def refused(self, app: AppSide, reason: str, text: str) -> None: ...
    def slowed(self, app: AppSide, seconds: float) -> None: ...
    def unreachable(self, app: AppSide, error: Exception) -> None: ...
    def passed(self, direction: str, size: int) -> None: ...
    def connect(self, side: Callable[[], BrokerSide]) -> Awaitable[object]: ...


class BrokerSide(ProxySide):
    def __init__(self, app: AppSide) -> None:
        super().__init__()
        self._app = app

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._app.greeted(self)

    def data_received(self, data: bytes) -> None:
        self._app.hear(data)

    def pause_writing(self) -> None:
        self._app.hold("broker")

    def resume_writing(self) -> None:
        self._app.release("broker")

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._app.broker_left()


class AppSide(ProxySide):
    """An app's side: check, count and relay what the app sends; relay what the broker sends."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self._watcher = watcher
        self._loop = asyncio.get_running_loop()
        self._broker: BrokerSide | None = None
        self._guard = FrameGuard(watcher.limits.max_message_bytes, AppMethods())
        self._heard = FrameFollower()
        self._bucket = watcher.limits.bucket(self._loop.time())
        self._begun = b""
        self.peer = ("", 0)
        # The edge's own, of the connection to the broker.
        self.port_at_broker: int | None = None
        self._securing: asyncio.Task[None] | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._farewell = b""
        self._entered = self._ending = False

    # the app

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept the bare connection: the time of the TLS handshake counts too."""
        super().connection_made(transport)
        assert self.transport is not None
        self.peer = address_of(self.transport, "peername")
        try:
            wait = self._watcher.enter(self)
        except Refused as refused:
            self._watcher.refused(self, refused.reason, "the connection is closed")
            self.abort()
            return
        self._entered = True
        self._after(GREETING_TIMEOUT_S + wait, self._greeting_is_late)
        if self._watcher.tls is not None:
            self.transport.pause_reading()
            self._securing = self._loop.create_task(self._secure(self._watcher.tls, wait))
        elif wait:
            self.hold("turn")
            self._after(wait, self.release, "turn")

    async def _secure(self, tls: ssl.SSLContext, wait: float) -> None:
        """Speak TLS, when it is this connection's turn."""
        await asyncio.sleep(wait)
        assert self.transport is not None
        try:
            secured = await self._loop.start_tls(self.transport, self, tls, server_side=True)
        except OSError as error:
            self._watcher.refused(self, "no-tls", why(error))
            secured = None
        if secured is None:  # asyncio tells the protocol of no end before TLS is spoken
            self.connection_lost(None)
            return
        self.transport, self._securing = secured, None
        begun, self._begun = self._begun, b""
        self.data_received(begun)

    def data_received(self, data: bytes) -> None:
        if self._securing is not None:
            self._begun += data  # with the handshake's last packet; there is nothing yet to answer by
            return
        if self._ending:
            self._pay(len(data))
            self._wait_for_close_ok(data)
        elif self._broker is not None:
            self._pass(data)
        else:
            self._begun += data
            self._greet()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        for timer in self._timers:
            timer.cancel()
        for task in (self._securing, self._connecting):
            if task is not None:
                task.cancel()
        if self._broker is not None:
            self._broker.close()
        if self._entered:
            self._entered = False
            self._watcher.leave(self)

    def pause_writing(self) -> None:
        if self._broker is not None:
            self._broker.hold("app")

    def resume_writing(self) -> None:
        if self._broker is not None:
            self._broker.release("app")

    def _pay(self, size: int) -> None:
        wait = self._bucket.take(size, self._loop.time())
        if wait:
            self.hold("rate")
            self._watcher.slowed(self, wait)
            self._loop.call_later(wait, self.release, "rate")

    def _greet(self) -> None:
        """The broker is connected to when a client has said what it speaks."""
        if self._connecting is not None:
            return
        if len(self._begun) < len(PROTOCOL_HEADER) and PROTOCOL_HEADER.startswith(self._begun):
            return
        if not self._begun.startswith(PROTOCOL_HEADER):
            # As AMQP asks: the answer to another protocol, or another version, is the one that is spoken.
            self._watcher.refused(self, "other-protocol", "the connection does not begin with AMQP 0-9-1")
            self._ending = True
            self.send(PROTOCOL_HEADER)
            self.close()
            return
        self.hold("connecting")
        self._connecting = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            await self._watcher.connect(lambda: BrokerSide(self))
        except (OSError, UnicodeError) as error:  # the latter of a host name that can be none
            self._watcher.unreachable(self, error)
            self.abort()
            return
        self.release("connecting")

    def greeted(self, broker: BrokerSide) -> None:
        """The broker's side is open: what has come so far goes there."""
        self._broker, begun, self._begun = broker, self._begun, b""
        assert broker.transport is not None
        self.port_at_broker = address_of(broker.transport, "sockname")[1]
        broker.send(begun[:len(PROTOCOL_HEADER)])
        self._pass(begun[len(PROTOCOL_HEADER):])

    def _greeting_is_late(self) -> None:
        if self._connecting is None:
            self._watcher.refused(self, "no-greeting", f"no protocol header came within {GREETING_TIMEOUT_S:.0f} s")
            self.abort()

    def _pass(self, data: bytes) -> None:
        assert self._broker is not None
        counted = self._guard.counted
        try:
            passed = self._guard.feed(data)
        except Refusal as refusal:
            self._broker.send(refusal.before)
            self._watcher.refused(self, refusal.reason, refusal.text)
            self.end(refusal.code, refusal.text)
            return
        self._pay(self._guard.counted - counted)
        self._broker.send(passed)
        self._watcher.passed("from-apps", len(passed))

    # what it is sent

    def hear(self, data: bytes) -> None:
        """Take bytes from the broker."""
        if self._ending:
            self._hear_out(data)
            return
        passed = self._heard.feed(data)
        self.send(passed)
        self._watcher.passed("to-apps", len(passed))

    def _hear_out(self, data: bytes) -> None:
        """The rest of the frame that was begun; what follows it nobody waits for."""
        rest = data[:self._heard.ahead]
        self._heard.ahead -= len(rest)
        self.send(rest)
        self._say_farewell()

    def broker_left(self) -> None:
        if not self._ending:
            self.close()
        elif self._farewell:
            self.abort()  # in the middle of a frame: there is no way to say anything more

    # the end

    def end(self, code: int, text: str) -> None:
        """Tell the app why, behind the frame that it is being sent, and hear it out: else it would not read why."""
        if self._ending:
            return
        self._ending = True
        if self._broker is None:
            self.close()
            return
        self._farewell = close_frame(code, text)
        self._after(FAREWELL_S, self.abort)
        self.release("broker")
        self._say_farewell()

    def _say_farewell(self) -> None:
        if not self._farewell or self._heard.ahead or self._broker is None:
            return
        self.send(self._farewell)
        self._farewell = b""
        self._broker.close()

    def _wait_for_close_ok(self, data: bytes) -> None:
        self._begun = (self._begun + data)[-len(CLOSE_OK):]
        if self._begun == CLOSE_OK:
            self.close()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def _after(self, seconds: float, what: Callable[..., None], *arguments: str) -> None:
        self._timers.append(self._loop.call_later(seconds, what, *arguments))
