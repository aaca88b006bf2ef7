"""Responses with the headers of pages."""
from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

HTML = "text/html; charset=utf-8"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'")
"""Content-Security-Policy of pages whose forms are sent by a script of this server."""


def page_headers(locale: str) -> dict[str, str]:
    return {
        "Content-Type": HTML, "Content-Security-Policy": PAGE_POLICY, "Content-Language": locale,
        "Vary": "Accept-Language",
    }


class FixedContent:
    """Content that stays the same while the process lives; a browser asks each time whether it has changed."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        self._content = content
        self._tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        self._headers = {**headers, "ETag": self._tag, "Cache-Control": "no-cache"}

    def response(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self._tag:
            # An unchanged page keeps its policy: a browser lays the headers of a 304 over those that it has.
            return Response(b"", 304, self._headers)
        return Response(self._content, 200, self._headers)
