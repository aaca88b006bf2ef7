"""Devices with which persons have signed in."""
from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from services.identity.credentials.models import DeviceRow as Row
from shared_components.db import insert_new
from shared_components.security import Secrets


class SqlDevices:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def is_known(self, population: str, subject_id: str | None, device: str | None) -> bool:
        query = select(Row.device).where(
            Row.tenant_id == population, Row.subject_id == (subject_id or ""),
            Row.device == self._hashed(population, device or ""))
        return self._session.execute(query).first() is not None

    def remember(self, population: str, subject_id: str, device: str, at: datetime) -> None:
        hashed = self._hashed(population, device)
        row = {"tenant_id": population, "subject_id": subject_id, "device": hashed, "first_at": at, "last_at": at}
        if not insert_new(self._session, cast(Table, Row.__table__), [row]):
            self._session.execute(
                update(Row).where(Row.tenant_id == population, Row.subject_id == subject_id, Row.device == hashed)
                .values(last_at=at).execution_options(synchronize_session=False))

    def forget(self, population: str, subject_id: str) -> None:
        self._session.execute(
            delete(Row).where(Row.tenant_id == population, Row.subject_id == subject_id)
            .execution_options(synchronize_session=False))

    def _hashed(self, population: str, device: str) -> str:
        return self._secrets.blind_index(population, "device", device)
