"""Authorization codes in SQL, by their hashes."""
from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from services.identity.openid.domain.code import AuthorizationCode
from services.identity.openid.models import AuthorizationCodeRow as Row


class SqlCodes:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, code: AuthorizationCode) -> None:
        self._session.execute(insert(Row).values(
            code_hash=code.code_hash, tenant_id=code.realm_id, client_id=code.client_id,
            redirect_uri=code.redirect_uri, code_challenge=code.code_challenge, session_id=code.session_id,
            subject_id=code.subject_id, scopes=sorted(code.scopes), nonce=code.nonce, mandate_id=code.mandate_id,
            created_at=code.created_at, expires_at=code.expires_at, state=code.state))

    def lock(self, code_hash: str) -> AuthorizationCode | None:
        query = select(Row).where(Row.code_hash == code_hash).with_for_update()
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else _code_of(row)

    def save(self, code: AuthorizationCode) -> None:
        self._session.execute(
            update(Row).where(Row.code_hash == code.code_hash)
            .values(state=code.state, used_at=code.used_at, grant_id=code.grant_id)
            .execution_options(synchronize_session=False))


def _code_of(row: Row) -> AuthorizationCode:
    return AuthorizationCode(
        code_hash=row.code_hash, client_id=row.client_id, realm_id=row.tenant_id, redirect_uri=row.redirect_uri,
        code_challenge=row.code_challenge, session_id=row.session_id, subject_id=row.subject_id,
        scopes=frozenset(row.scopes), nonce=row.nonce, mandate_id=row.mandate_id, created_at=row.created_at,
        expires_at=row.expires_at, state=row.state, used_at=row.used_at, grant_id=row.grant_id)
