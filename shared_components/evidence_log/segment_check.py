"""Compare the records of one segment with what its statement says."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared_components.evidence_log import tables
from shared_components.evidence_log.findings import Finding
from shared_components.evidence_log.merkle import leaf_hash, root_of
from shared_components.evidence_log.records import EvidenceRecord
from shared_components.evidence_log.statements import Statement
from shared_components.security.keyed_hash import KeyedHash

LISTED = 20
"""The number of lost places of a segment that are named."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A place of the log and the record in it; a missing record has no body (None)."""

    index: int
    record_id: str
    hash: bytes
    body: bytes | None
    mac: bytes | None
    owner: str | None
    action: str | None
    about: str | None
    at: datetime | None


def leaves_between(session: Session, owner: str, first: int, end: int) -> list[Leaf]:
    """The places first ≤ index < end of an owner's log, in order."""
    leaves, records = tables.leaves.c, tables.records.c
    found = session.execute(
        select(leaves.leaf_index, leaves.record_id, leaves.leaf_hash, records.body, records.mac, records.owner,
               records.action, records.about, records.at)
        .outerjoin(tables.records, records.record_id == leaves.record_id)
        .where(leaves.owner == owner, leaves.leaf_index >= first, leaves.leaf_index < end)
        .order_by(leaves.leaf_index))
    return [Leaf(*row) for row in found]


def check_segment(statement: Statement, leaves: Sequence[Leaf], mac: KeyedHash) -> list[Finding]:
    """The faults of a segment's records: an empty list when they are as they were sealed."""
    number = statement.number
    places = {leaf.index for leaf in leaves}
    expected = range(statement.first, statement.first + statement.count)
    lost = list(islice((place for place in expected if place not in places), LISTED))
    findings = [Finding("leaf-deleted", number, facts=str(place)) for place in lost]
    sealed = not lost and root_of([leaf.hash for leaf in leaves]).hex() == statement.root
    findings += _records(number, leaves, mac, sealed=sealed)
    if not lost and not sealed and not findings:
        findings.append(_disordered(statement, leaves))
    return findings


def _records(number: int, leaves: Sequence[Leaf], mac: KeyedHash, *, sealed: bool) -> Iterator[Finding]:
    hashes = {leaf.hash for leaf in leaves}
    for leaf in leaves:
        if leaf.body is None:
            yield Finding("record-deleted", number, leaf.record_id)
        elif leaf_hash(leaf.body) != leaf.hash:
            yield _other_record(number, leaf, leaf.body, hashes, mac)
        elif not sealed and not (leaf.mac and mac.matches(leaf.mac, leaf.body)):
            yield Finding("record-edited", number, leaf.record_id, "content and hash")
        elif wrong := _wrong_columns(leaf, leaf.body):
            yield Finding("record-edited", number, leaf.record_id, "column " + ", ".join(wrong))


def _other_record(number: int, leaf: Leaf, body: bytes, hashes: set[bytes], mac: KeyedHash) -> Finding:
    """A body that does not have the hash of its place: exchanged, or edited, or the hash was."""
    if leaf_hash(body) in hashes:
        return Finding("record-moved", number, leaf.record_id)
    if leaf.mac and mac.matches(leaf.mac, body):
        return Finding("leaf-edited", number, leaf.record_id, f"hash of record {leaf.record_id}")
    return Finding("record-edited", number, leaf.record_id, "content")


def _wrong_columns(leaf: Leaf, body: bytes) -> list[str]:
    """The columns that say something else than the sealed body."""
    record = EvidenceRecord.of(body)
    said = {"record_id": record.record_id, "owner": record.owner, "action": record.action, "about": record.about,
            "at": record.time}
    return [name for name, value in said.items() if getattr(leaf, name) != value]


def _disordered(statement: Statement, leaves: Sequence[Leaf]) -> Finding:
    in_order = sorted(leaves, key=lambda leaf: (leaf.at, leaf.record_id))
    if root_of([leaf.hash for leaf in in_order]).hex() == statement.root:
        return Finding("records-reordered", statement.number)
    return Finding("leaf-edited", statement.number, facts="records of another segment, or hashes edited")
