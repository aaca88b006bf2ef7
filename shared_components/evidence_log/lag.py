"""How many records wait for their seal, and for how long."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from shared_components.db import Database
from shared_components.db.errors import typed_failures
from shared_components.evidence_log.tables import unsealed

LATE_S = 10.0
"""A record that waits longer is an alarm."""


@dataclass(frozen=True, slots=True)
class SealLag:
    """waiting: records not sealed yet; oldest_at: when the oldest of them was recorded."""

    waiting: int
    oldest_at: datetime | None

    def age_s(self, now: datetime) -> float:
        """The age of the oldest in seconds, 0 when none waits."""
        return 0.0 if self.oldest_at is None else max((now - self.oldest_at).total_seconds(), 0.0)


def keeps_evidence(database: Database) -> bool:
    """Tell whether the service's database has an evidence log."""
    with typed_failures(database.service):
        return inspect(database.engine).has_table(unsealed.name)


def seal_lag(session: Session) -> SealLag:
    """The lag. Records that the sealer refused count too."""
    waiting, oldest = session.execute(select(func.count(), func.min(unsealed.c.at)).select_from(unsealed)).one()
    return SealLag(waiting, oldest)
