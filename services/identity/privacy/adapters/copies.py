"""Copies of personal information in SQL: encrypted, signed, and kept for a time."""
from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import CursorResult, delete, insert, select
from sqlalchemy.orm import Session

from services.identity.privacy.domain.ports import SealedCopy
from services.identity.privacy.models import PersonalCopyRow as Row
from shared_components.security import Secrets

PURPOSE = "personal-copy/identity"


class SqlPersonalCopies:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def seal(self, document: Any) -> tuple[bytes, str, bytes]:
        signer = self._secrets.signer(PURPOSE)
        body = orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
        return body, signer.key_id, signer.sign(body)

    def add(self, copy: SealedCopy) -> None:
        self._session.execute(insert(Row).values(
            request_id=copy.request_id, tenant_id=copy.population, subject_id=copy.subject_id,
            document=self._secrets.fields.encrypt(
                base64.b64encode(copy.document).decode(), aad=f"{copy.request_id}/copy"),
            key_id=copy.key_id, signature=copy.signature, made_at=copy.made_at, expires_at=copy.expires_at))

    def get(self, request_id: str, at: datetime) -> SealedCopy | None:
        row = self._session.execute(
            select(Row).where(Row.request_id == request_id, Row.expires_at > at)).scalar_one_or_none()
        if row is None:
            return None
        document = base64.b64decode(self._secrets.fields.decrypt(row.document, aad=f"{request_id}/copy"))
        return SealedCopy(
            row.request_id, row.subject_id, row.tenant_id, document, row.key_id, row.signature, row.made_at,
            row.expires_at)

    def kept(self, subject_id: str, at: datetime) -> dict[str, datetime]:
        rows = self._session.execute(
            select(Row.request_id, Row.expires_at).where(Row.subject_id == subject_id, Row.expires_at > at))
        return {row.request_id: row.expires_at for row in rows}

    def purge(self, at: datetime) -> int:
        return self._delete(delete(Row).where(Row.expires_at <= at))

    def remove_of(self, subject_id: str) -> None:
        self._delete(delete(Row).where(Row.subject_id == subject_id))

    def _delete(self, statement: Any) -> int:
        done = self._session.execute(statement.execution_options(synchronize_session=False))
        return done.rowcount if isinstance(done, CursorResult) else 0
