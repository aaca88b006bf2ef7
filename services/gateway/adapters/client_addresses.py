"""The network address of a caller, for throttles: of the connection, or as a reverse proxy of ours states it."""
from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address

from starlette.requests import Request

FORWARDED = "x-forwarded-for"
UNKNOWN = "unknown"


class ClientAddresses:
    """proxies: addresses of our reverse proxies. Others may write any address into the header."""

    def __init__(self, proxies: Collection[str]) -> None:
        self._proxies = frozenset(proxies)

    def of(self, request: Request) -> str:
        peer = request.client.host if request.client else UNKNOWN
        if peer not in self._proxies:
            return peer
        # The last one is what our proxy saw; those before it came from outside.
        stated = request.headers.get(FORWARDED, "").rpartition(",")[2].strip()
        try:
            return str(ip_address(stated))
        except ValueError:
            return peer
