"""Pages of a feed, as they travel between producer and copy."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

LEASE_S = 2.0
"""The time for which a copy that has everything may decide, from when it asked."""
BEGINNING = ""
"""The digest before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change.

    after: number of the entry before it that the feed still has, or up to which the copy has asked.
    data: what holds for the key from now on; None: the key is removed. digest: of this entry and all before it, also
    of those that are deleted.
    """

    after: int
    n: int
    kind: str
    key: str
    data: Mapping[str, Any] | None
    digest: str


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a copy.

    diverged: the copy has entries that the feed does not have, as after a restore: it must begin anew.
    entries: those after the copy's n, in order. head: n of the newest entry.
    leased: the copy has everything and may decide for LEASE_S, counted from when it asked.
    now: by the clock of the producer's database; None: of a producer of the version before.
    """

    entries: tuple[Entry, ...]
    head: int
    leased: bool = False
    diverged: bool = False
    now: datetime | None = None


def next_entry(n: int, digest: str, kind: str, key: str, data: Mapping[str, Any] | None) -> Entry:
    """The entry after n, whose digest is given. The producer computes digests; copies only compare them."""
    said = orjson.dumps([digest, n + 1, kind, key, data], option=orjson.OPT_SORT_KEYS)
    return Entry(n, n + 1, kind, key, data, hashlib.sha256(said).hexdigest())
