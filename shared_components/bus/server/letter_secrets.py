"""Passwords, codes and keys in the arguments of calls that become dead letters: a letter keeps none of them."""
from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import orjson

REMOVED = "removed"


def remove_secrets(body: bytes, names: Collection[str]) -> bytes:
    """Replace the values of these fields, wherever they are in a body. A body without them stays as it is.

    names: lower case. A body that is cut or no JSON loses everything from the first such field on.
    """
    if not names or _any_of(frozenset(names)).search(body) is None:
        return body
    try:
        return orjson.dumps(_without(orjson.loads(body), frozenset(names)))
    except (orjson.JSONDecodeError, RecursionError, TypeError):
        found = _any_of(frozenset(names)).search(body)
        return body if found is None else body[: found.end()] + f'"{REMOVED}"'.encode()


@lru_cache(maxsize=16)
def _any_of(names: frozenset[str]) -> re.Pattern[bytes]:
    listed = b"|".join(re.escape(name.encode()) for name in sorted(names))
    return re.compile(rb'["\'](?:' + listed + rb')\\?["\']\s*[:=]\s*', re.IGNORECASE)


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: REMOVED if key.lower() in names and item is not None else _without(item, names)
                for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, names) for item in value]
    return value
