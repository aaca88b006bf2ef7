"""Logins on their way."""
from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.identity.credentials.domain.proof import Proof
from services.identity.login.domain.interaction import OPEN, Interaction, Progress, Wanted
from services.identity.login.domain.steps import UPSTREAM
from services.identity.login.models import InteractionRow as Row
from shared_components.security import Secrets


class SqlInteractions:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def add(self, interaction: Interaction) -> None:
        self._session.execute(insert(Row).values(
            interaction_id=interaction.interaction_id, tenant_id=interaction.tenant, realm_id=interaction.realm_id,
            browser_hash=interaction.browser_hash, request_id=interaction.request_id, step=interaction.step,
            state=interaction.state, sealed=self._seal(interaction), revision=interaction.revision,
            created_at=interaction.created_at, expires_at=interaction.expires_at))

    def get(self, interaction_id: str) -> Interaction | None:
        return self._one(interaction_id, lock=False)

    def lock(self, interaction_id: str) -> Interaction | None:
        return self._one(interaction_id, lock=True)

    def of_request(self, request_id: str) -> Interaction | None:
        query = select(Row).where(Row.request_id == request_id)
        row = self._session.execute(query).scalar_one_or_none()
        return None if row is None else self._open(row)

    def at_upstream(self, browser_hash: str, at: datetime) -> str | None:
        query = select(Row.interaction_id).where(
            Row.browser_hash == browser_hash, Row.step == UPSTREAM, Row.state == OPEN, Row.expires_at > at)
        return self._session.scalars(query.order_by(Row.interaction_id.desc()).limit(1)).first()

    def save(self, interaction: Interaction) -> None:
        self._session.execute(
            update(Row).where(Row.interaction_id == interaction.interaction_id)
            .values(step=interaction.step, state=interaction.state, sealed=self._seal(interaction),
                    revision=interaction.revision)
            .execution_options(synchronize_session=False))

    def purge(self, before: datetime) -> None:
        self._session.execute(
            delete(Row).where(Row.expires_at < before).execution_options(synchronize_session=False))

    def _one(self, interaction_id: str, *, lock: bool) -> Interaction | None:
        query = select(Row).where(Row.interaction_id == interaction_id)
        query = query.with_for_update() if lock else query
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else self._open(row)

    def _seal(self, interaction: Interaction) -> bytes:
        content = orjson.dumps(
            {"target": interaction.target, "wanted": interaction.wanted, "progress": interaction.progress})
        return self._secrets.fields.encrypt(content.decode(), aad=f"login/{interaction.interaction_id}")

    def _open(self, row: Row) -> Interaction:
        content = orjson.loads(self._secrets.fields.decrypt(row.sealed, aad=f"login/{row.interaction_id}"))
        wanted = Wanted(**{**content["wanted"], "scopes": tuple(content["wanted"]["scopes"])})
        proofs = tuple(
            Proof(**{**proof, "at": datetime.fromisoformat(proof["at"])}) for proof in content["progress"]["proofs"])
        return Interaction(
            interaction_id=row.interaction_id, tenant=row.tenant_id, realm_id=row.realm_id,
            browser_hash=row.browser_hash, request_id=row.request_id, target=content["target"], wanted=wanted,
            created_at=row.created_at, expires_at=row.expires_at, step=row.step, state=row.state,
            revision=row.revision, progress=Progress(**{
                **content["progress"], "proofs": proofs, "consents": tuple(content["progress"]["consents"])}))
