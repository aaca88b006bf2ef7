"""Where a person's browser may be sent back to: only where each app's operator has said beforehand.

Without that anybody who can make an order could send people, from a page they trust, to any page of the world.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_ADDRESS = 1000
_PORTS = {"http": 80, "https": 443}


class ReturnUrlNotAllowed(InvalidInput):
    """details: allowed, the beginnings of addresses that the caller may give; fields."""

    code = "kernel.return-url-not-allowed"
    texts = {
        "en": "The return address is not one that was allowed for this app.", "zh": "返回地址不在该应用的允许范围内。",
    }


@dataclass(frozen=True, slots=True)
class ReturnAddresses:
    """allowed: caller → beginnings of addresses. A caller without any may name this machine alone, as in development.

    trusted: callers of the platform that have checked what they hand on.
    """

    allowed: Mapping[str, Iterable[str]] = field(default_factory=dict)
    trusted: frozenset[str] = frozenset()

    def check(self, caller: str, url: str | None) -> None:
        """Raises ReturnUrlNotAllowed."""
        if url is None or caller in self.trusted:
            return
        address = _parse(url)
        beginnings = list(self.allowed.get(caller, ()))
        if address is not None and any(_is_below(address, each) for each in beginnings):
            return
        if address is not None and not beginnings and address.hostname in LOOPBACK:
            return
        told = beginnings or [f"http://{host}" for host in ("127.0.0.1", "localhost")]
        raise ReturnUrlNotAllowed(Bilingual(
            f"return_url is not one that {caller!r} may give; addresses below {', '.join(told)} are allowed",
            f"“{caller}”不得使用该 return_url；只允许以 {'、'.join(told)} 开头的地址"),
            details={"allowed": told, "fields": {
                "return_url": [Bilingual("is not allowed for this app", "该应用不得使用")]}},
        )


def is_beginning(text: str) -> bool:
    """Whether a configured beginning is an address of http or https without query and fragment."""
    address = _parse(text)
    return address is not None and not address.query and not address.fragment


def _parse(url: str) -> SplitResult | None:
    """None for what browsers and this parser might read differently."""
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or set(url) & set(" \\\"<>^`{|}"):
        return None
    try:
        address = urlsplit(url)
        plain = address.scheme in _PORTS and address.hostname and "@" not in address.netloc and address.port != 0
    except ValueError:
        return None
    return address if plain and url.lower().startswith(f"{address.scheme}://") else None


def _is_below(address: SplitResult, beginning: str) -> bool:
    """The same origin, and a path below: whole segments, and none that leads up."""
    above = urlsplit(beginning)
    if _origin(address) != _origin(above):
        return False
    path, root = address.path or "/", above.path.rstrip("/")
    if any(segment in (".", "..") for segment in unquote(unquote(path)).replace("\\", "/").split("/")):
        return False
    return path == root or path.startswith(f"{root}/")


def _origin(address: SplitResult) -> tuple[str, str, int]:
    return address.scheme, (address.hostname or "").lower().rstrip("."), address.port or _PORTS[address.scheme]
