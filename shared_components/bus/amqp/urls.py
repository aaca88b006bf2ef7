"""The addresses of brokers, checked before anything is connected to."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from shared_components.kernel.errors import InvalidInput

SCHEMES = ("amqp", "amqps", "pyamqp", "inproc")
FORM = "amqp://user:password@host:port/virtual-host"


def checked_url(url: Any, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Raises InvalidInput; the text does not quote the URL, which may hold a password."""
    if not isinstance(url, str):
        raise _refused(f"is of type {type(url).__name__}; text such as {FORM} is allowed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(f"has a host or a port that is none; it has the form {FORM}") from None
    if "://" not in url or parts.scheme not in schemes:
        raise _refused(f"begins with none of {', '.join(f'{one}://' for one in schemes)}")
    if parts.scheme != "inproc" and (not parts.hostname or port == 0):
        raise _refused(f"names no host, or port 0; it has the form {FORM}")
    return url


def _refused(wrong: str) -> InvalidInput:
    return InvalidInput(f"url {wrong}", details={"fields": {"url": [wrong]}})
