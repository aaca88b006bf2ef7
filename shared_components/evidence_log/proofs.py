"""Proofs for those who do not have the log: that a record is in it, and that a later head continues an earlier one.

Source: RFC 6962, section 2.1. All hashes are in hex, so that a proof is a JSON document.
"""
from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared_components.evidence_log import merkle, tables
from shared_components.evidence_log.segment_check import leaves_between
from shared_components.evidence_log.statements import Head, Statement
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import NotFound
from shared_components.security.signatures import PublicKeys, is_signed


class NotSealed(NotFound):
    """There is no sealed record, or no segment, with this name."""

    code = "evidence.not-sealed"
    texts = {"en": "Nothing with this name is sealed.", "zh": "没有该编号的已封存内容。"}


def inclusion_proof(session: Session, service: str, record_id: str) -> dict[str, Any]:
    """Prove that a record is in its owner's log, up to the newest head.

    Raises NotSealed, and ValueError when the log was changed so that there is no proof.
    """
    leaf = session.execute(select(tables.leaves).where(tables.leaves.c.record_id == record_id)).one_or_none()
    body = session.scalars(select(tables.records.c.body).where(tables.records.c.record_id == record_id)).one_or_none()
    if leaf is None or body is None:
        raise NotSealed(Bilingual(f"record '{record_id}' is not sealed, or was purged",
                                  f"记录 {record_id} 尚未封存，或已到期清除"))
    rows = _segments(session, leaf.owner)
    covering = (one for one in map(_statement, rows) if one.first <= leaf.leaf_index < one.first + one.count)
    statement = next(covering, None)
    if statement is None:
        raise ValueError(f"no segment covers place {leaf.leaf_index} of the log of '{leaf.owner}'; verify the log")
    leaves = leaves_between(session, leaf.owner, statement.first, statement.first + statement.count)
    hashes = [one.hash for one in leaves]
    place = leaf.leaf_index - statement.first
    return {
        "record": body.decode(), "place": place, "path": _hex(merkle.inclusion_path(hashes, place)),
        "statement": statement.body().decode(),
        "segment_path": _hex(merkle.inclusion_path(_hashes(rows), statement.number - 1)),
        "head": _head(service, rows[-1]).as_json(),
    }


def consistency_proof(session: Session, service: str, owner: str, old: int, new: int | None = None) -> dict[str, Any]:
    """Prove that the head of segment `new` (None: the newest) continues that of segment `old`. Raises NotSealed."""
    rows = _segments(session, owner)
    last = len(rows) if new is None else new
    if not 1 <= old <= last <= len(rows):
        raise NotSealed(Bilingual(
            f"segments are {old} and {last}; the log of '{owner}' has {len(rows)}, and the older comes first",
            f"封存段为 {old} 和 {last}；{owner} 的日志共有 {len(rows)} 段，且较早的在前"))
    return {
        "old": _head(service, rows[old - 1]).as_json(), "new": _head(service, rows[last - 1]).as_json(),
        "path": _hex(merkle.consistency_path(_hashes(rows[:last]), old)),
    }


def proves_record(proof: Mapping[str, Any], keys: PublicKeys) -> bool:
    """Tell whether an inclusion proof holds. keys: the service's public keys, from another source than the proof."""
    head, body = Head.of(proof["head"]), proof["statement"].encode()
    statement = Statement.of(body)
    if (statement.service, statement.owner) != (head.service, head.owner):
        return False
    return (
        _is_signed(head, keys)
        and merkle.proves_inclusion(
            merkle.leaf_hash(proof["record"].encode()), proof["place"], statement.count, _bytes(proof["path"]),
            bytes.fromhex(statement.root))
        and merkle.proves_inclusion(
            merkle.leaf_hash(body), statement.number - 1, head.number, _bytes(proof["segment_path"]), head.root))


def proves_continuation(proof: Mapping[str, Any], keys: PublicKeys) -> bool:
    """Tell whether a consistency proof holds: both heads are signed, and the new one continues the old one."""
    old, new = Head.of(proof["old"]), Head.of(proof["new"])
    if (old.service, old.owner) != (new.service, new.owner):
        return False
    return _is_signed(old, keys) and _is_signed(new, keys) and merkle.proves_consistency(
        old.number, old.root, new.number, new.root, _bytes(proof["path"]))


def newest_heads(session: Session, service: str) -> list[Head]:
    """The newest head of each owner: what a witness is to keep."""
    newest: dict[str, Head] = {}
    segments = tables.segments.c
    for row in session.execute(select(tables.segments).order_by(segments.owner, segments.number)):
        newest[row.owner] = _head(service, row)
    return list(newest.values())


def _segments(session: Session, owner: str) -> Sequence[Any]:
    segments = tables.segments.c
    return session.execute(
        select(tables.segments).where(segments.owner == owner).order_by(segments.number)).all()


def _statement(row: Any) -> Statement:
    return Statement.of(row.statement)


def _hashes(rows: Sequence[Any]) -> list[bytes]:
    return [merkle.leaf_hash(row.statement) for row in rows]


def _head(service: str, row: Any) -> Head:
    return Head(service, row.owner, row.number, row.head, row.key_id, row.signature)


def _is_signed(head: Head, keys: PublicKeys) -> bool:
    public = keys.get(head.key_id)
    return public is not None and is_signed(head.signed_bytes(), head.signature, public)


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _bytes(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


def public_keys_of(said: Mapping[str, str]) -> dict[str, bytes]:
    """The keys of public_keys_as_json. Raises ValueError when one is not base64."""
    return {key_id: base64.b64decode(key, validate=True) for key_id, key in said.items()}


def public_keys_as_json(keys: PublicKeys) -> dict[str, str]:
    """Key id → public key in base64, for witnesses."""
    return {key_id: base64.b64encode(key).decode() for key_id, key in sorted(keys.items())}
