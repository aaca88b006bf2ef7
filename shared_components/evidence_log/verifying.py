"""Walk an owner's log and say exactly what is wrong with it.

The walk needs the service's key ring. A witness's heads add what the log alone cannot show: that its end was cut, or
that somebody with the keys has written it anew.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from shared_components.evidence_log import tables
from shared_components.evidence_log.findings import Finding
from shared_components.evidence_log.merkle import Frontier, leaf_hash
from shared_components.evidence_log.migration import KEPT_DAYS
from shared_components.evidence_log.purging import purged_through
from shared_components.evidence_log.recorder import RECORD_PURPOSE
from shared_components.evidence_log.segment_check import check_segment, leaves_between
from shared_components.evidence_log.statements import Head, Statement, signing_purpose
from shared_components.evidence_log.unsealed_check import check_unsealed
from shared_components.security import Secrets
from shared_components.security.signatures import is_signed

_MANY = 500
_LISTED = 20
"""The number of segments of a long gap that are named, beside the last one."""


@dataclass
class LogReport:
    """The verdict on one owner's log. segments, records: how many were sealed; purged: segments without records."""

    owner: str
    segments: int = 0
    records: int = 0
    purged: int = 0
    unsealed: int = 0
    head: Head | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.findings


class Verifier:
    """Verifies the logs of one service.

    keys: public keys beside those of the key ring, such as those of master keys that are gone.
    """

    def __init__(
        self, session: Session, service: str, secrets: Secrets, *, now: datetime,
        keys: Mapping[str, bytes] | None = None,
    ) -> None:
        self._session, self._service, self._now = session, service, now
        self._keys = {**(keys or {}), **secrets.signer(signing_purpose(service)).public_keys()}
        self._mac = secrets.keyed_hash(RECORD_PURPOSE)

    def owners(self) -> list[str]:
        """All owners of whom the database holds anything."""
        holders = (tables.segments, tables.records, tables.unsealed, tables.heads)
        return sorted(self._session.scalars(union(*(select(table.c.owner) for table in holders))))

    def verify(self, owner: str, witness: Sequence[Head] = ()) -> LogReport:
        """Walk one owner's log. witness: heads that an outside witness has kept, of any owner."""
        report = LogReport(owner)
        kept = [head for head in witness if head.owner == owner and head.service == self._service]
        walk = _Walk(self, report, {head.number for head in kept})
        for row in self._segments(owner):
            walk.take(row)
        report.findings += self._after_the_end(walk)
        report.findings += [found for head in kept if (found := self._compared(walk, head))]
        report.unsealed, late = check_unsealed(self._session, owner, self._mac, self._now)
        report.findings += late
        return report

    def _segments(self, owner: str) -> Iterator[Any]:
        number = 0
        while True:
            some = self._session.execute(
                select(tables.segments).where(tables.segments.c.owner == owner, tables.segments.c.number > number)
                .order_by(tables.segments.c.number).limit(_MANY)).all()
            yield from some
            if len(some) < _MANY:
                return
            number = some[-1].number

    def _after_the_end(self, walk: _Walk) -> Iterator[Finding]:
        """Traces of segments that the log no longer has, and a state that would spoil the next one."""
        owner, last = walk.report.owner, walk.report.segments
        state = self._session.execute(select(tables.heads).where(tables.heads.c.owner == owner)).one_or_none()
        beyond = leaves_between(self._session, owner, walk.report.records, 2**62)
        if state is not None and state.segments > last:
            yield Finding("tail-cut", last, facts=f"the sealer has made {state.segments}")
        elif state is None and last:
            yield Finding("state-edited", facts="it is missing")
        elif state is not None and walk.frontier and (state.segments, state.records, state.frontier) != (
                last, walk.report.records, b"".join(walk.frontier.hashes)):
            yield Finding("state-edited", facts=f"it says {state.segments} segments, {state.records} records")
        for leaf in beyond:
            yield Finding("leaf-added", record=leaf.record_id, facts=str(leaf.index))

    def _compared(self, walk: _Walk, head: Head) -> Finding | None:
        public = self._keys.get(head.key_id)
        if public is None or not is_signed(head.signed_bytes(), head.signature, public):
            return Finding("witness-forged", head.number, facts=head.key_id)
        if head.number > walk.report.segments:
            return Finding("tail-cut", walk.report.segments, facts=f"the witness has a head of segment {head.number}")
        ours = walk.witnessed.get(head.number)
        if ours is None or head.root in ours:
            return None  # a segment that is missing is a finding of its own
        return Finding("history-rewritten", head.number, facts=f"{head.root.hex()}, here {ours[0].hex()}")

    def check_signature(self, head: Head) -> Finding | None:
        public = self._keys.get(head.key_id)
        if public is None:
            return Finding("key-unknown", head.number, facts=head.key_id)
        if not is_signed(head.signed_bytes(), head.signature, public):
            return Finding("signature-wrong", head.number, facts=head.key_id)
        return None

    def head_of(self, row: Any) -> Head:
        return Head(self._service, row.owner, row.number, row.head, row.key_id, row.signature)

    def check_records(self, statement: Statement) -> list[Finding]:
        end = statement.first + statement.count
        return check_segment(
            statement, leaves_between(self._session, statement.owner, statement.first, end), self._mac)

    def purged(self, owner: str) -> tuple[int, datetime]:
        return purged_through(self._session, owner, self._mac)

    def is_of(self, statement: Statement, row: Any) -> bool:
        """Tell whether a statement speaks of the row in which it stands."""
        return (statement.service, statement.owner, statement.number, statement.key_id) == (
            self._service, row.owner, row.number, row.key_id)


class _Walk:
    """The state of a walk over the segments of one owner. frontier: None once the head cannot be computed any more."""

    def __init__(self, verifier: Verifier, report: LogReport, numbers: set[int]) -> None:
        self.verifier, self.report, self._numbers = verifier, report, numbers
        self.frontier: Frontier | None = Frontier()
        # number → the head that the segment states, and the one that its statements give
        self.witnessed: dict[int, list[bytes]] = {}
        self._previous: str | None = Frontier().root().hex()
        self._purged, self._purged_at = verifier.purged(report.owner)

    def take(self, row: Any) -> None:
        """Check the next segment."""
        self._skip_to(row.number)
        head = self.verifier.head_of(row)
        self.report.segments, self.report.head = row.number, head
        self._add(self.verifier.check_signature(head))
        try:
            statement = Statement.of(row.statement)
        except ValueError:
            self._add(Finding("segment-edited", row.number, facts="its statement cannot be read"))
            self.frontier, self._previous = None, row.head.hex()
            return
        self._check_head(row, statement)
        self._check_records(row.number, statement)
        self._previous = row.head.hex()

    def _skip_to(self, number: int) -> None:
        lost = range(self.report.segments + 1, number)
        for one in sorted({*lost[:_LISTED], *lost[-1:]}):
            self._add(Finding("segment-deleted", one))
        if lost:
            self.frontier = self._previous = None

    def _check_head(self, row: Any, statement: Statement) -> None:
        wrong = []
        if row.number in self._numbers:
            self.witnessed[row.number] = [row.head]
        if not self.verifier.is_of(statement, row):
            wrong.append("its statement is of another segment")
        if self._previous is not None and statement.previous != self._previous:
            wrong.append("it does not follow the head before it")
        if self.frontier is not None:
            self.frontier.append(leaf_hash(row.statement))
            root = self.frontier.root()
            if row.number in self._numbers:
                self.witnessed[row.number].append(root)
            if root != row.head:
                wrong.append("its head is not that of its statements")
                self.frontier = None
        if wrong:
            self._add(Finding("segment-edited", row.number, facts="; ".join(wrong)))

    def _check_records(self, number: int, statement: Statement) -> None:
        if self.report.records != statement.first and self._previous is not None:
            self._add(Finding("segment-edited", number, facts=f"it begins at {statement.first}"))
        self.report.records = statement.first + statement.count
        kept_until = statement.time + timedelta(days=KEPT_DAYS)
        if number <= self._purged and kept_until <= self._purged_at:
            self.report.purged += 1
            return
        self.report.findings += self.verifier.check_records(statement)

    def _add(self, finding: Finding | None) -> None:
        if finding is not None:
            self.report.findings.append(finding)
