"""A definition as it was published."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.matter.definitions.domain.model import Definition


@dataclass(frozen=True)
class Published:
    """digest: of the definition's data, so that publishing the same again makes no new version."""

    definition: Definition
    digest: str
    published_at: datetime
