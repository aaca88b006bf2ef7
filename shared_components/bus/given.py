"""What a program gives to a client, checked before anything is sent: the refusal says what is wrong, and where."""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from shared_components.kernel.errors import InvalidInput

SCHEMES = ("amqp", "amqps", "pyamqp", "inproc")
FORM = "amqp://user:password@host:port/virtual-host"


def checked_timeout(timeout_s: Any) -> float:
    """Raises InvalidInput unless it is a number of seconds above 0."""
    wrong = isinstance(timeout_s, bool) or not isinstance(timeout_s, (int, float))
    if wrong or not math.isfinite(timeout_s) or timeout_s <= 0:
        raise _refused("timeout_s", f"is {timeout_s!r}; a number of seconds above 0 is allowed")
    return float(timeout_s)


def checked_url(url: Any, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Raises InvalidInput; the text does not quote the URL, which may hold a password."""
    if not isinstance(url, str):
        raise _refused("url", f"is of type {type(url).__name__}; text such as {FORM} is allowed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("url", f"has a host or a port that is none; it has the form {FORM}") from None
    if "://" not in url or parts.scheme not in schemes:
        raise _refused("url", f"begins with none of {', '.join(f'{one}://' for one in schemes)}")
    if parts.scheme != "inproc" and (not parts.hostname or port == 0):
        raise _refused("url", f"names no host, or port 0; it has the form {FORM}")
    return url


def by_name(target: str, given: tuple[Any, ...]) -> TypeError:
    """For arguments without names."""
    return TypeError(
        f"{target} takes its arguments by name, such as {target}(name=value); {len(given)} came without one")


def not_json(kwargs: Mapping[str, Any]) -> InvalidInput:
    """Names the first argument, or part of one, that JSON has no form for."""
    path, value = next(_without_form("", kwargs), ("", kwargs))
    return _refused(path or "arguments", f"of type {type(value).__name__} has no form in JSON")


def _without_form(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if _has_form(value):
        return
    parts: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, (list, tuple)):
        parts = list(enumerate(value))
    for key, inner in parts:
        yield from _without_form(f"{path}.{key}" if path else str(key), inner)
    yield path, value


def _has_form(value: Any) -> bool:
    try:
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return False
    return True


def _refused(name: str, wrong: str) -> InvalidInput:
    return InvalidInput(f"{name} {wrong}", details={"fields": {name: [wrong]}})
