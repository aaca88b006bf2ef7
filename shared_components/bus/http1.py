"""uvicorn's HTTP/1.1 protocol with what it lacks: a limit of time for a request's head, and refusals as Problems."""
from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import Any

import h11
import orjson
from uvicorn.protocols.http.h11_impl import H11Protocol

from shared_components.kernel.errors import InvalidInput

# A client gets this long from its first byte (or from connecting) to the end of a head.
HEAD_TIMEOUT_S = 20.0
_BEFORE_AN_ANSWER = (h11.IDLE, h11.SEND_RESPONSE)


class Http1Protocol(H11Protocol):
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()  # not anew with every byte: it is the whole head that has a limit
        else:
            self._forget_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Called in the handler of h11's error, which knows the right status."""
        if self.conn.our_state not in _BEFORE_AN_ANSWER:
            self.transport.close()
            return
        status = HTTPStatus(getattr(sys.exc_info()[1], "error_status_hint", None) or 400)
        body = orjson.dumps({
            "type": "about:blank", "title": status.phrase, "status": int(status), "detail": msg,
            "code": InvalidInput.code, "category": InvalidInput.category,
        })
        headers: list[tuple[bytes, bytes]] = [
            (b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
        self._write(h11.Response(status_code=int(status), headers=headers, reason=status.phrase.encode()))
        self._write(h11.Data(data=body))
        self._write(h11.EndOfMessage())
        self.transport.close()

    def _write(self, event: Any) -> None:
        self.transport.write(self.conn.send(event) or b"")

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._give_up)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
