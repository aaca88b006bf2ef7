"""History of the directory: one entry for each change of a department, membership or app."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DEPARTMENT, MEMBERSHIP, APP = "department", "membership", "app"


@dataclass(frozen=True, slots=True)
class Change:
    """thing_id with revision is unique. facts: ids, names of departments and states; no personal data, no key."""

    thing: str
    thing_id: str
    revision: int
    realm_id: str
    what: str
    actor: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
