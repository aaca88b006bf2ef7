"""Presentations in the database."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, Table, delete, select, update
from sqlalchemy.orm import Session

from services.elicence.adapters.rows import presentation_of, presentation_row
from services.elicence.domain.presentation import Presentation
from services.elicence.models import PresentationRow as Row
from shared_components.db import insert_later
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import StalePrecondition

TABLE = cast(Table, Row.__table__)


class SqlPresentations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, presentations: Sequence[Presentation]) -> None:
        insert_later(self._session, TABLE, [presentation_row(one) for one in presentations])

    def lock(self, selectors: Collection[str]) -> dict[str, Presentation]:
        query = select(TABLE).where(Row.selector.in_(sorted(selectors)))
        found = self._session.execute(query.order_by(Row.selector).with_for_update())
        return {row.selector: presentation_of(row) for row in found}

    def use(self, presentation_ids: Collection[str], at: datetime) -> None:
        unused = update(TABLE).where(Row.presentation_id.in_(sorted(presentation_ids)), Row.used_at.is_(None))
        result = self._session.execute(unused.values(used_at=at))
        if not isinstance(result, CursorResult) or result.rowcount != len(presentation_ids):
            raise StalePrecondition(Bilingual(
                "a presentation code was used since it was read; each is good once",
                "出示码在读取之后已被使用；每个出示码只能使用一次"))

    def purge(self, before: datetime, limit: int) -> int:
        old = select(Row.presentation_id).where(Row.expires_at < before).limit(limit)
        result = self._session.execute(delete(TABLE).where(Row.presentation_id.in_(old)))
        return result.rowcount if isinstance(result, CursorResult) else 0
