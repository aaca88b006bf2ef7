"""Delete old records of an owner, whole segments at a time. Statements, heads and signatures stay for ever.

What was purged is a record of its own, so that the verifier tells a purge from a deletion. It believes a purge only of
segments that are older than the shortest allowed age.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shared_components.db import ALL_TENANTS, Database
from shared_components.db.scope import Scope
from shared_components.evidence_log import tables
from shared_components.evidence_log.migration import KEPT_DAYS
from shared_components.evidence_log.recorder import RECORD_PURPOSE, EvidenceRecorder
from shared_components.evidence_log.records import EvidenceRecord
from shared_components.evidence_log.statements import Statement
from shared_components.kernel.clock import Clock, SystemClock
from shared_components.kernel.events import Events
from shared_components.security import Secrets
from shared_components.security.keyed_hash import KeyedHash

PURGED = "evidence.purged"
SEGMENTS_AT_ONCE = 500
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class _Scope:
    session: Session
    clock: Clock
    secrets: Secrets
    events: Events


class _NoEvents:
    def record(self, *_: object, **__: object) -> None:
        raise LookupError("a purge publishes no event")


def purge_all(database: Database, secrets: Secrets, service: str, *, keep: timedelta) -> int:
    """Purge the logs of all owners, a piece a transaction; gives how many records went."""
    with database.reading(ALL_TENANTS) as session:
        owners = list(session.scalars(select(tables.heads.c.owner).order_by(tables.heads.c.owner)))
    return sum(_purge_owner(database, secrets, service, owner, keep) for owner in owners)


def _purge_owner(database: Database, secrets: Secrets, service: str, owner: str, keep: timedelta) -> int:
    gone = 0
    while True:
        with database.transaction(ALL_TENANTS) as session:
            some = purge(_Scope(session, SystemClock(), secrets, _NoEvents()), service, owner, keep=keep)
        if not some:
            return gone
        gone += some


def purge(scope: Scope, service: str, owner: str, *, keep: timedelta) -> int:
    """Delete the records of at most 500 segments that were sealed longer ago than `keep`; gives how many records went.

    Raises ValueError when `keep` is shorter than 183 days.
    """
    if keep < timedelta(days=KEPT_DAYS):
        raise ValueError(f"evidence is to be kept for {keep.days} days; at least {KEPT_DAYS} are allowed")
    session = scope.session
    before = scope.clock.now() - keep
    through, _ = purged_through(session, owner, scope.secrets.keyed_hash(RECORD_PURPOSE))
    old = list(_sealed_before(session, owner, through, before))
    if not old:
        return 0
    leaves = tables.leaves.c
    ended = old[-1].first + old[-1].count
    here = (leaves.owner == owner) & (leaves.leaf_index < ended)
    gone = select(leaves.record_id).where(here)
    session.execute(delete(tables.value_keys).where(tables.value_keys.c.record_id.in_(gone)))
    session.execute(delete(tables.records).where(tables.records.c.record_id.in_(gone)))
    number = session.execute(delete(tables.leaves).where(here))
    EvidenceRecorder(scope, service).record_evidence(
        None, owner=owner, action=PURGED, about=f"evidence/{owner}", basis="platform",
        details={"through": old[-1].number, "records": ended - old[0].first})
    return int(getattr(number, "rowcount", 0))


def purged_through(session: Session, owner: str, mac: KeyedHash) -> tuple[int, datetime]:
    """The last segment whose records were purged, and when; 0 when none was."""
    records = tables.records.c
    found = session.execute(
        select(records.body, records.mac).where(records.owner == owner, records.action == PURGED))
    claims = [EvidenceRecord.of(row.body) for row in found if mac.matches(row.mac, row.body)]
    through = [(int(str(claim.details["through"])), claim.time) for claim in claims]
    return max(through, default=(0, _NEVER))


def _sealed_before(session: Session, owner: str, through: int, before: datetime) -> Iterator[Statement]:
    segments = tables.segments.c
    found = session.scalars(
        select(segments.statement).where(segments.owner == owner, segments.number > through)
        .order_by(segments.number).limit(SEGMENTS_AT_ONCE))
    for body in found:
        statement = Statement.of(body)
        if statement.time >= before:
            return
        yield statement
