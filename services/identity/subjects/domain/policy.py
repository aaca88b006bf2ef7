"""The policy that the configuration decides, ready for use."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.identity.subjects.domain.documents import DocumentRules
from services.identity.subjects.domain.levels import LevelTable


@dataclass(frozen=True)
class IdentityPolicy:
    """levels: the table of the platform's own jurisdiction; jurisdictions: every table by its code."""

    documents: DocumentRules
    levels: LevelTable
    jurisdictions: Mapping[str, LevelTable]
