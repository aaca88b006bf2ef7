"""Seal committed records: one Merkle segment an owner, linked to the last head, signed, and published as one event.

All of it is one transaction: a sealer that is killed leaves the records as they were, and the next one seals them.
"""
from __future__ import annotations

import base64
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shared_components.db import insert_later, insert_new
from shared_components.db.scope import Scope
from shared_components.evidence_log import tables
from shared_components.evidence_log.events import SEALED
from shared_components.evidence_log.merkle import Frontier, leaf_hash, root_of
from shared_components.evidence_log.recorder import RECORD_PURPOSE
from shared_components.evidence_log.statements import Head, Statement, signing_purpose

log = logging.getLogger(__name__)

MOST = 2000
"""Records that are sealed in one transaction."""
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Waiting:
    record_id: str
    owner: str
    body: bytes | None
    mac: bytes | None


class Sealer:
    """Seals the log of one service."""

    def __init__(self, scope: Scope, service: str) -> None:
        self._scope, self._service, self._session = scope, service, scope.session
        self._signer = scope.secrets.signer(signing_purpose(service))
        self._mac = scope.secrets.keyed_hash(RECORD_PURPOSE)

    def seal(self, most: int = MOST) -> int:
        """Seal what waits, oldest first; gives how many records it took, refused ones among them."""
        waiting = _take(self._session, most)
        if not waiting:
            return 0
        good = [one for one in waiting if self._is_genuine(one)]
        self._refuse([one.record_id for one in waiting if not self._is_genuine(one)])
        by_owner: dict[str, list[_Waiting]] = defaultdict(list)
        for one in good:
            by_owner[one.owner].append(one)
        # In one order: two sealers that hold heads of each other would else wait for ever.
        for owner in sorted(by_owner):
            self._seal_owner(owner, by_owner[owner])
        self._session.execute(delete(tables.unsealed).where(
            tables.unsealed.c.record_id.in_([one.record_id for one in good])))
        return len(waiting)

    def _is_genuine(self, one: _Waiting) -> bool:
        return one.body is not None and one.mac is not None and self._mac.matches(one.mac, one.body)

    def _refuse(self, record_ids: Sequence[str]) -> None:
        """Leave records that were changed or deleted before their seal to the verifier."""
        if not record_ids:
            return
        log.error("evidence.records.refused", extra={"service": self._service, "records": list(record_ids)[:20]})
        self._session.execute(update(tables.unsealed).where(tables.unsealed.c.record_id.in_(record_ids))
                              .values(refused_at=self._scope.clock.now()))

    def _seal_owner(self, owner: str, records: Sequence[_Waiting]) -> None:
        head = _locked_head(self._session, owner)
        now = self._scope.clock.now()
        hashes = [leaf_hash(one.body or b"") for one in records]
        frontier = Frontier(head.segments, _split(head.frontier))
        statement = Statement(
            self._service, owner, number=head.segments + 1, first=head.records, count=len(records),
            root=root_of(hashes).hex(), previous=frontier.root().hex(), sealed_at=now.isoformat(),
            key_id=self._signer.key_id)
        frontier.append(leaf_hash(statement.body()))
        insert_later(self._session, tables.leaves, [
            {"owner": owner, "leaf_index": head.records + place, "record_id": one.record_id, "leaf_hash": leaf,
             "sealed_at": now} for place, (one, leaf) in enumerate(zip(records, hashes, strict=True))])
        self._keep(statement, frontier)

    def _keep(self, statement: Statement, frontier: Frontier) -> None:
        signed = self._signed(statement, frontier.root())
        insert_later(self._session, tables.segments, [{
            "owner": statement.owner, "number": statement.number, "statement": statement.body(), "head": signed.root,
            "key_id": signed.key_id, "signature": signed.signature}])
        self._session.execute(update(tables.heads).where(tables.heads.c.owner == statement.owner).values(
            segments=statement.number, records=statement.first + statement.count,
            frontier=b"".join(frontier.hashes)))
        self._scope.events.record(
            SEALED, aggregate=f"evidence/{statement.owner}", tenant=statement.owner, sequence=statement.number, data={
                "owner": statement.owner, "number": statement.number, "statement": statement.body().decode(),
                "head": signed.root.hex(), "key_id": signed.key_id,
                "signature": base64.b64encode(signed.signature).decode()})

    def _signed(self, statement: Statement, root: bytes) -> Head:
        head = Head(self._service, statement.owner, statement.number, root, statement.key_id, b"")
        return Head(head.service, head.owner, head.number, root, head.key_id, self._signer.sign(head.signed_bytes()))


def _take(session: Session, most: int) -> list[_Waiting]:
    waiting, records = tables.unsealed, tables.records
    found = session.execute(
        select(waiting.c.record_id, waiting.c.owner, records.c.body, records.c.mac)
        .outerjoin(records, records.c.record_id == waiting.c.record_id)
        .where(waiting.c.refused_at.is_(None))
        .order_by(waiting.c.at, waiting.c.record_id)
        .limit(most)
        .with_for_update(of=waiting, skip_locked=True))
    return [_Waiting(*row) for row in found]


def _locked_head(session: Session, owner: str) -> Any:
    insert_new(session, tables.heads, [{"owner": owner, "segments": 0, "records": 0, "frontier": b""}])
    return session.execute(select(tables.heads).where(tables.heads.c.owner == owner).with_for_update()).one()


def _split(frontier: bytes) -> list[bytes]:
    return [frontier[place:place + HASH_BYTES] for place in range(0, len(frontier), HASH_BYTES)]
