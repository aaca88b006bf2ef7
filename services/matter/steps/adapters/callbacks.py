"""Callbacks: each once in the database, and who signed one."""
from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from services.matter.kinds.callback.errors import CallbackInvalid
from services.matter.kinds.callback.signed import CallbackKey as SignedKey
from services.matter.kinds.callback.signed import CallbackRecord, SignedCallback
from services.matter.steps.models import CallbackRow
from shared_components.db import insert_later, table_of
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.request_signing import (
    KEY_ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    RequestVerifier,
)

CALLBACKS = table_of(CallbackRow)


class SqlCallbacks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, wanted: Collection[SignedKey]) -> dict[SignedKey, CallbackRecord]:
        if not wanted:
            return {}
        key = (CALLBACKS.c.tenant_id, CALLBACKS.c.key_id, CALLBACKS.c.callback_id)
        rows = self._session.execute(select(CALLBACKS).where(tuple_(*key).in_(sorted(wanted))))
        return {
            (row.tenant_id, row.key_id, row.callback_id):
                CallbackRecord(row.key_id, row.callback_id, row.case_id, row.step, row.digest, row.received_at)
            for row in rows}

    def add(self, new: Mapping[SignedKey, CallbackRecord]) -> None:
        insert_later(self._session, CALLBACKS, [
            {"tenant_id": tenant, "key_id": record.key_id, "callback_id": record.callback_id,
             "case_id": record.case_id, "step": record.step, "digest": record.digest,
             "received_at": record.received_at}
            for (tenant, _, _), record in new.items()], race="a callback was taken meanwhile; do it again")


@dataclass(frozen=True, slots=True)
class CallbackKey:
    """tenants: whose cases it may answer; None for every tenant's."""

    source: str
    secret: bytes
    tenants: frozenset[str] | None = None


class HmacCallbacks:
    """A CallbackVerifier. keys: key id → key, from services.matter.callback_keys."""

    def __init__(self, keys: Mapping[str, CallbackKey]) -> None:
        self._keys = keys
        self._verifier = RequestVerifier({key_id: key.secret for key_id, key in keys.items()})

    def sources(self, tenant: str) -> list[str]:
        """The sources that may answer this tenant's cases."""
        return sorted({
            key.source for key in self._keys.values() if key.tenants is None or tenant in key.tenants
        })

    def __call__(self, *, key_id: str, timestamp: str, signature: str, body: str, at: datetime) -> SignedCallback:
        headers = {KEY_ID_HEADER: key_id, TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature}
        raw = body.encode()
        signer = self._verifier.verify(headers, raw, at=at)
        # Nothing of the body is read before its signature has been found good.
        key = self._keys[signer]
        return SignedCallback(signer, key.source, _read(body), hashlib.sha256(raw).hexdigest(), key.tenants)


def _read(body: str) -> Mapping[str, Any]:
    try:
        content = strict_json.read(body)
    except strict_json.JsonRefused as refused:
        raise CallbackInvalid(Bilingual(
            f"callback's body: {refused}",
            f"回调内容：{refused.zh}"), details={"fields": refused.fields()}) from None
    if not isinstance(content, dict):
        raise CallbackInvalid(Bilingual(
            f"callback's body is a {type(content).__name__}; an object is allowed",
            f"回调内容的类型为 {type(content).__name__}；只允许 JSON 对象"))
    return content
