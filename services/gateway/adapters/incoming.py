"""A request's body as it comes in: whether all of it has come, and what to do with a rest that nobody wants."""
from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from services.gateway.adapters.headers import RequestHeaders
from services.gateway.domain.errors import HeaderInvalid
from shared_components.kernel.bilingual import Bilingual

# A client that is still sending gets to read its refusal, unless it sends too much or for too long.
MOST_THROWN_AWAY = 8 * 1024 * 1024
LONGEST_LINGER_S = 3.0


class Incoming:
    """ended: nothing of the request is still to come."""

    __slots__ = ("_begun", "_expects_continue", "_receive", "_two_lengths", "ended")

    def __init__(self, given: RequestHeaders, receive: Receive) -> None:
        length, chunked = given.get(b"content-length"), b"transfer-encoding" in given
        self._receive = receive
        self._begun = False
        self._expects_continue = given.text(b"expect").lower() == "100-continue"
        self._two_lengths = chunked and length is not None
        self.ended = not chunked and length in (None, "0")

    def check(self) -> None:
        """Raises HeaderInvalid for a body of two lengths, the usual form of one request hidden in another.

        Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.1
        """
        if self._two_lengths:
            raise HeaderInvalid(
                Bilingual(
                    "request has Content-Length and Transfer-Encoding; one of them is allowed",
                    "请求同时带有 Content-Length 与 Transfer-Encoding；只允许其一"),
                details={"fields": {"Content-Length": [Bilingual(
                    "not allowed beside Transfer-Encoding",
                    "不得与 Transfer-Encoding 同时出现")]}})

    async def receive(self) -> Message:
        self._begun = True
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message

    async def part(self) -> bytes:
        """Receive the next part of the body. Raises ClientDisconnect."""
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        return part

    async def throw_away(self) -> None:
        """Read the rest, within bounds. A client that waits for leave to send is not given it."""
        if self._two_lengths or (self._expects_continue and not self._begun):
            return
        size = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_LINGER_S):
                while not self.ended and size <= MOST_THROWN_AWAY:
                    size += len((await self.receive()).get("body", b""))
