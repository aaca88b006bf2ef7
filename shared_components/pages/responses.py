"""Responses with the headers of pages."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

HTML = "text/html; charset=utf-8"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'")
"""Content-Security-Policy of pages whose forms are sent by a script of this server."""
FORM_POLICY = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
"""Content-Security-Policy of pages whose forms the browser posts to this server."""
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}
"""Headers of pages about one person.

A stricter Referrer-Policy would make browsers send `Origin: null` with forms: ours would look like another site's.
"""
COMMON_ASSETS = {"icon.svg": "image/svg+xml", "pages.css": "text/css; charset=utf-8"}
"""File of the layout → its media type; each server gives them below `/assets/`."""


def page_headers(locale: str, *, policy: str = PAGE_POLICY) -> dict[str, str]:
    return {
        "Content-Type": HTML, "Content-Security-Policy": policy, "Content-Language": locale,
        "Vary": "Accept-Language",
    }


def form_page_headers(locale: str, *, leads_to: Sequence[str] = ()) -> dict[str, str]:
    """Headers of a page with forms about one person. leads_to: origins that the answer to a form may redirect to."""
    # Chromium compares form-action with each redirect that follows the form, too.
    policy = FORM_POLICY.replace("form-action 'self'", " ".join(["form-action 'self'", *leads_to]))
    return {**page_headers(locale, policy=policy), **PRIVATE}


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


def packaged_file(package: str, name: str, media_type: str) -> FixedContent:
    """A file that lies in a package, as what a browser is given."""
    return FixedContent((files(package) / name).read_bytes(), {"Content-Type": media_type})


def common_asset(name: str) -> FixedContent:
    return packaged_file("shared_components.pages.assets", name, COMMON_ASSETS[name])
