"""uvicorn's HTTP/1.1 protocol over llhttp, with what it lacks.

Heads and whatever else is no body are limited in size and time; refusals are Problems and come in their turn; what two
readers could take for two things is refused; a request that offers an upgrade is read as any other.
Source of what is refused: https://www.rfc-editor.org/rfc/rfc9112
"""
from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared_components.http.joined_writes import JoinedWrites
from shared_components.kernel.errors import InvalidInput

# A client gets this long from its first byte (or from connecting) to the end of a head.
HEAD_TIMEOUT_S = 20.0
# A client that takes this long to take no more of an answer has gone, or wants to be waited for.
TAKE_TIMEOUT_S = 20.0
# Of a head, and of trailers or chunk extensions in one go.
MOST_HEAD_BYTES = 64 * 1024
# No request is taken apart, into many times its own size, from what lies behind a piece with a waiting one in it.
PIECE_BYTES = 8 * 1024
FRAMING = (b"content-length", b"transfer-encoding")


class Refused(Exception):
    """A request that is well formed, and not taken. status: of HTTP."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Http1Protocol(HttpToolsProtocol):
    """_active: the request that is being answered; uvicorn's own `cycle` is the last one that was read."""

    _head_timer: asyncio.TimerHandle | None = None
    _take_timer: asyncio.TimerHandle | None = None
    _active: RequestResponseCycle | None = None
    _refusal: Refused | None = None
    _in_body = _passing_head = False
    # What has come since a head, or a part of a body, was complete.
    _incomplete_bytes = 0
    # What has come and is not read yet, because requests wait for their turn.
    _unread = b""

    # the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            return
        self._unset_keepalive_if_required()
        content, at = memoryview(self._unread + data), 0
        try:
            while at < len(content) and not self.pipeline:
                self._read(content[at:at + PIECE_BYTES])
                at += PIECE_BYTES
            self._unread = bytes(content[at:])
            if self._unread:
                self.flow.pause_reading()
        except (httptools.HttpParserError, Refused) as error:
            self._refuse(_refusal_of(error))
        if self._in_body or self._unanswered() is not None:
            self._forget_head()
        else:
            self._await_head()  # not anew with every byte: it is the whole head that has a limit

    def pause_writing(self) -> None:
        super().pause_writing()
        self._take_timer = self.loop.call_later(TAKE_TIMEOUT_S, self.transport.abort)

    def resume_writing(self) -> None:
        self._forget_taking()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        self._forget_taking()
        if self._active is not None and not self._active.response_complete:
            self._active.disconnected = True
            self._active.message_event.set()
        super().connection_lost(exc)

    # reading

    def on_message_begin(self) -> None:
        if not self._passing_head:
            self._incomplete_bytes = 0
            super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self._passing_head:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_body:  # else it is a trailer, and nobody may add to a head that has been judged
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._passing_head:
            return
        self._check_head()
        super().on_headers_complete()
        # Only now: where the address cannot be read there is no such request, and what is wrong is no other's body.
        self._incomplete_bytes, self._in_body = 0, True

    def on_body(self, body: bytes) -> None:
        self._incomplete_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._incomplete_bytes, self._in_body = 0, False
            super().on_message_complete()

    def _read(self, piece: memoryview) -> None:
        self._incomplete_bytes += len(piece)
        while True:
            try:
                self.parser.feed_data(piece)
                break
            except httptools.HttpParserUpgrade as upgrade:
                piece = piece[upgrade.args[0]:]
            self._read_on_without_upgrade()
        if self._incomplete_bytes > MOST_HEAD_BYTES:
            raise _too_large()

    def _read_on_without_upgrade(self) -> None:
        """The parser takes what follows for another protocol; a new one is told how long the body is."""
        framing = b"".join(b"%s: %s\r\n" % (name, value) for name, value in self.headers if name in FRAMING)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
        self._passing_head = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n")
        self._passing_head = False

    def _check_head(self) -> None:
        """Raises Refused for what the parser takes, and others might take for something else."""
        version, names = self.parser.get_http_version(), [name for name, _ in self.headers]
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > MOST_HEAD_BYTES:
            raise _too_large()
        if version not in ("1.0", "1.1"):
            raise Refused(505, "HTTP version is another one; HTTP/1.1 and HTTP/1.0 are allowed")
        hosts = names.count(b"host")
        if hosts > 1 or (hosts == 0 and version == "1.1"):
            raise Refused(400, f"request has {hosts} headers Host; one is allowed")
        if self.parser.get_method() == b"CONNECT":
            raise Refused(501, "HTTP method is CONNECT, which is for proxies")
        if b"transfer-encoding" in names:
            encodings = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
            if encodings != [b"chunked"]:
                raise Refused(501, "Transfer-Encoding is another one; chunked, once and alone, is allowed")
            if version == "1.0":
                raise Refused(400, "Transfer-Encoding is in a request of HTTP/1.0; HTTP/1.1 has it")
        if version == "1.0":
            self.expect_100_continue = False  # such a client takes leave to send for the answer

    # answering

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._refusal is not None and self._unanswered() is None:
            self._send_refusal(self._refusal)
        elif self._unread and not self.pipeline and not self.transport.is_closing():
            self.data_received(b"")

    def _unanswered(self) -> RequestResponseCycle | None:
        """The last of the requests that are still to be answered."""
        if self.pipeline:
            return self.pipeline[0][0]
        return self._active if self._active is not None and not self._active.response_complete else None

    def _refuse(self, refusal: Refused) -> None:
        """Read nothing more; say why when everything before it has been answered."""
        self.logger.warning("Invalid HTTP request received.")
        self._refusal = refusal
        self._forget_head()
        self.flow.pause_reading()
        if self._in_body and self.pipeline:
            self.pipeline.popleft()  # its body is what is wrong
        elif self._in_body and self._active is not None:
            begun, self._active.disconnected = self._active.response_started, True
            self._active.message_event.set()
            self._active = None
            if begun:
                self.transport.close()
                return
        if self._unanswered() is None:
            self._send_refusal(refusal)

    def _send_refusal(self, refusal: Refused) -> None:
        if self.transport.is_closing():
            return
        status = HTTPStatus(refusal.status)
        body = orjson.dumps({
            "type": "about:blank", "title": status.phrase, "status": int(status), "detail": str(refusal),
            "code": InvalidInput.code, "category": InvalidInput.category,
        })
        head = (
            f"HTTP/1.1 {int(status)} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n")
        self.transport.write(head.encode() + body)
        self.transport.close()

    # the limit of time

    def _await_head(self) -> None:
        if self._head_timer is None and self._refusal is None:
            self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._give_up)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_taking(self) -> None:
        if self._take_timer is not None:
            self._take_timer.cancel()
            self._take_timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def _too_large() -> Refused:
    return Refused(431, f"request's head is over the limit; at most {MOST_HEAD_BYTES} bytes are allowed")


def _refusal_of(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    raised_by_us = error.__context__
    # The parser's own words quote what came.
    return raised_by_us if isinstance(raised_by_us, Refused) else Refused(400, "Invalid HTTP request received.")
