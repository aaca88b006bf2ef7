"""The case that a call is about."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneCase:
    """For commands and queries that name a case and nothing else."""

    case_id: str
