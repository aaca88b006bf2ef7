"""Ids that sort by time and say what they name."""
from __future__ import annotations

import re

from uuid_utils import uuid7

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,11}")
_known: set[str] = set()


def new_id(prefix: str) -> str:
    """A new id such as `pay_019aa2…`: the prefix, then a UUIDv7 as 32 lowercase hex digits.

    Hex keeps the UUID's time order as text order, so an index on it grows at its end.
    prefix: 1–12 lowercase letters and digits, a letter first.
    """
    if prefix not in _known:
        _check(prefix)
    return f"{prefix}_{uuid7().hex}"


def _check(prefix: str) -> None:
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"id prefix is {prefix!r}; only 1–12 lowercase letters and digits, a letter first, fit")
    _known.add(prefix)
