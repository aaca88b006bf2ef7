"""Compare the records that wait for their seal with their marks."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared_components.evidence_log import tables
from shared_components.evidence_log.findings import Finding
from shared_components.evidence_log.lag import LATE_S
from shared_components.security.keyed_hash import KeyedHash


def check_unsealed(session: Session, owner: str, mac: KeyedHash, now: datetime) -> tuple[int, list[Finding]]:
    """How many records wait for their seal, and the faults among them."""
    marked = _marked(session, owner)
    return len(marked), [*(found for row in marked if (found := _fault(row, mac, now))), *_unmarked(session, owner)]


def _marked(session: Session, owner: str) -> list[tuple[str, datetime, bytes | None, bytes | None]]:
    marks, records = tables.unsealed.c, tables.records.c
    found = session.execute(
        select(marks.record_id, marks.at, records.body, records.mac)
        .outerjoin(tables.records, records.record_id == marks.record_id)
        .where(marks.owner == owner).order_by(marks.at, marks.record_id))
    return [(row.record_id, row.at, row.body, row.mac) for row in found]


def _fault(row: tuple[str, datetime, bytes | None, bytes | None], key: KeyedHash, now: datetime) -> Finding | None:
    record_id, at, body, mac = row
    if body is None or mac is None:
        return Finding("deleted-before-seal", record=record_id)
    if not key.matches(mac, body):
        return Finding("edited-before-seal", record=record_id)
    waited = (now - at).total_seconds()
    return Finding("seal-late", record=record_id, facts=f"{waited:.0f}") if waited > LATE_S else None


def _unmarked(session: Session, owner: str) -> Iterator[Finding]:
    records, marks, leaves = tables.records.c, tables.unsealed.c, tables.leaves.c
    found = session.scalars(
        select(records.record_id)
        .outerjoin(tables.unsealed, marks.record_id == records.record_id)
        .outerjoin(tables.leaves, leaves.record_id == records.record_id)
        .where(records.owner == owner, marks.record_id.is_(None), leaves.record_id.is_(None))
        .order_by(records.record_id))
    return (Finding("mark-deleted", record=record_id) for record_id in found)
