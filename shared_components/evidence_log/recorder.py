"""Adds records to the evidence log, in the transaction of the effect. Sealing happens later (sealing.py)."""
from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from typing import Any

from shared_components.db import insert_later
from shared_components.db.scope import Scope
from shared_components.evidence_log import tables
from shared_components.evidence_log.records import (
    CAUSE_CHARACTERS,
    EvidenceRecord,
    canonical,
    cause_context,
    key_context,
)
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.evidence import Fact
from shared_components.kernel.ids import new_id
from shared_components.security import Secrets

RECORD_PURPOSE = "evidence-record"
KEY_BYTES = 32


class EvidenceRecorder:
    """Satisfies EvidenceTx for one transaction. service: whose log it is."""

    def __init__(self, scope: Scope, service: str) -> None:
        self._scope, self._service = scope, service
        self._mac = scope.secrets.keyed_hash(RECORD_PURPOSE)

    def record_evidence(
        self, context: CallContext | None, *, owner: str, action: str, about: str, basis: str = "own",
        fields: Sequence[str] = (), case: str | None = None, details: Mapping[str, Fact] | None = None,
        values: Mapping[str, str | None] | None = None, cause: str | None = None,
    ) -> str:
        """As EvidenceTx says. Raises ValueError for a cause that is too long."""
        record_id = new_id("evr")
        now = self._scope.clock.now()
        record = EvidenceRecord(
            record_id=record_id, service=self._service, owner=owner, action=action, about=about, basis=basis,
            by=_who(context, self._service), fields=sorted(fields), case=case, details=dict(details or {}),
            values=self._hashed(record_id, owner, values), cause=self._sealed(record_id, cause), at=now.isoformat())
        body, session = record.body(), self._scope.session
        insert_later(session, tables.records, [{
            "record_id": record_id, "owner": owner, "action": action, "about": about, "at": now, "body": body,
            "mac": self._mac.of(body)}])
        insert_later(session, tables.unsealed, [{"record_id": record_id, "owner": owner, "at": now}])
        return record_id

    def _hashed(self, record_id: str, owner: str, values: Mapping[str, str | None] | None) -> str | None:
        if values is None:
            return None
        key = os.urandom(KEY_BYTES)
        sealed = self._scope.secrets.fields.encrypt(key.hex(), aad=key_context(record_id))
        insert_later(self._scope.session, tables.value_keys, [
            {"record_id": record_id, "owner": owner, "sealed_key": sealed}])
        return value_hash(key, values)

    def _sealed(self, record_id: str, cause: str | None) -> str | None:
        if cause is None:
            return None
        if len(cause) > CAUSE_CHARACTERS:
            raise ValueError(f"cause has {len(cause)} characters; at most {CAUSE_CHARACTERS} are allowed")
        sealed = self._scope.secrets.fields.encrypt(cause, aad=cause_context(record_id))
        return base64.b64encode(sealed).decode()


def value_hash(key: bytes, values: Mapping[str, str | None]) -> str:
    """The HMAC of field → value, in hex."""
    return hmac.digest(key, canonical(dict(values)), hashlib.sha256).hex()


def cause_of(record: EvidenceRecord, secrets: Secrets) -> str | None:
    """The cause in plain text, for the owner and the holder. Raises Undecryptable."""
    if record.cause is None:
        return None
    return secrets.fields.decrypt(base64.b64decode(record.cause), aad=cause_context(record.record_id))


def _who(context: CallContext | None, service: str) -> dict[str, Any]:
    if context is None:
        return {"caller": service}
    said = {
        "caller": context.caller, "via": context.via, "department": context.department,
        "acting": _person(context.acting), "purpose": context.purpose, "op_id": context.op_id,
    }
    return {name: value for name, value in said.items() if value is not None}


def _person(acting: Acting | None) -> dict[str, Any] | None:
    if acting is None:
        return None
    said = {
        "subject": acting.subject, "session": acting.session, "kind": acting.kind, "level": acting.level,
        "roles": sorted(acting.roles) or None, "department": acting.department, "principal": acting.principal,
        "mandate": acting.mandate.mandate_id if acting.mandate else None,
    }
    return {name: value for name, value in said.items() if value is not None}
