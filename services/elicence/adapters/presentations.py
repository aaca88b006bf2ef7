"""Presentations in the database. A code may be shown to any department; it is used once."""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Table, delete, select, update
from sqlalchemy.orm import Session

from services.elicence.adapters.rows import presentation_of, presentation_row
from services.elicence.adapters.shown import let_see
from services.elicence.domain.presentation import Presentation
from services.elicence.models import PresentationRow as Row
from services.elicence.models import PresentationUseRow
from shared_components.db import insert_later, insert_new

TABLE = cast(Table, Row.__table__)
USES = cast(Table, PresentationUseRow.__table__)
SELECTOR = re.compile("[0-9A-Z]{8}")


class SqlPresentations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, presentations: Sequence[Presentation]) -> None:
        insert_later(self._session, TABLE, [presentation_row(one) for one in presentations])

    def lock(self, selectors: Collection[str]) -> dict[str, Presentation]:
        wanted = sorted(one for one in selectors if SELECTOR.fullmatch(one))
        if not wanted:
            return {}
        let_see(self._session, "codes", wanted)
        chosen = select(TABLE).where(Row.selector.in_(wanted)).order_by(Row.selector)
        # A row of another department is read and never locked: its row in USES decides who uses it.
        found = {**self._read(chosen), **self._read(chosen.with_for_update())}
        used = self._session.execute(select(USES).where(
            USES.c.presentation_id.in_([one.presentation_id for one in found.values()])))
        used_at = {row.presentation_id: row.used_at for row in used}
        return {selector: one.used(used_at.get(one.presentation_id)) for selector, one in found.items()}

    def use(self, presentation_ids: Collection[str], at: datetime) -> set[str]:
        wanted = sorted(presentation_ids)
        won = insert_new(self._session, USES, [{"presentation_id": one, "used_at": at} for one in wanted])
        # Read by processes of the version before, which know no uses.
        self._session.execute(update(TABLE).where(Row.presentation_id.in_(wanted)).values(used_at=at))
        return {presentation_id for (presentation_id,) in won}

    def purge(self, before: datetime, limit: int) -> int:
        old = select(Row.presentation_id).where(Row.expires_at < before).limit(limit)
        self._session.execute(delete(USES).where(USES.c.presentation_id.in_(old)))
        result = self._session.execute(delete(TABLE).where(Row.presentation_id.in_(old)))
        return result.rowcount if isinstance(result, CursorResult) else 0

    def _read(self, query: Select[Any]) -> dict[str, Presentation]:
        return {row.selector: presentation_of(row) for row in self._session.execute(query)}
