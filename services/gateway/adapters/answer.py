"""Sends an answer with the headers that all answers have."""
from __future__ import annotations

from starlette.types import Message, Send

from services.gateway.adapters.exchange import Exchange

API_POLICY = b"default-src 'none'; frame-ancestors 'none'"
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", API_POLICY),
    (b"cache-control", b"no-store"),
)


class Answer:
    """status: 0 before it has begun."""

    __slots__ = ("_exchange", "_send", "status")

    def __init__(self, send: Send, exchange: Exchange) -> None:
        self._send = send
        self._exchange = exchange
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._headers(list(message.get("headers", ())))}
        await self._send(message)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name for name, _ in given}
        given += [pair for pair in ALWAYS if pair[0] not in present]
        given.append((b"x-request-id", self._exchange.request_id.encode()))
        given += [(name.lower().encode(), value.encode("latin-1"))
                  for name, value in self._exchange.extra_headers.items()]
        if not self._exchange.incoming.ended:
            # Else the server would go on reading the rest for as long as the client cares to send.
            given.append((b"connection", b"close"))
        return given
