"""Ratings in the database."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.ratings.domain.rating import Rating
from services.matter.ratings.models import RatingRow
from shared_components.db import table_of

RATINGS = table_of(RatingRow)
PLAIN = ("case_id", "matter_code", "level", "scores", "state", "counts", "rated_at", "due_at", "answered_at")
HIDDEN = ("comment", "answer", "appeal")


class SqlRatings:
    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._fields = fields

    def add(self, rating: Rating) -> bool:
        """The case is locked: nobody rates it beside us."""
        rated = select(RATINGS.c.rating_id).where(RATINGS.c.case_id == rating.case_id)
        if self._session.execute(rated).first() is not None:
            return False
        self._session.execute(insert(RATINGS), [{
            **self._values(rating), "rating_id": rating.id, "tenant_id": rating.tenant}])
        return True

    def lock(self, tenant: str, rating_id: str) -> Rating | None:
        query = select(RATINGS).where(RATINGS.c.tenant_id == tenant, RATINGS.c.rating_id == rating_id)
        row = self._session.execute(query.with_for_update()).first()
        return None if row is None else self._read(row)

    def save(self, rating: Rating) -> None:
        self._session.execute(update(RATINGS).where(RATINGS.c.rating_id == rating.id).values(self._values(rating)))

    def page(self, tenant: str, *, state: str | None, after: str | None, limit: int) -> Sequence[Rating]:
        query = select(RATINGS).where(RATINGS.c.tenant_id == tenant)
        if state is not None:
            query = query.where(RATINGS.c.state == state)
        if after is not None:
            query = query.where(RATINGS.c.rating_id > after)
        return [self._read(row) for row in self._session.execute(query.order_by(RATINGS.c.rating_id).limit(limit))]

    def _values(self, rating: Rating) -> dict[str, Any]:
        hidden = {name: getattr(rating, name) for name in HIDDEN}
        return {
            **{name: getattr(rating, name) for name in PLAIN},
            "sealed": self._fields.encrypt(f"{rating.id}/sealed", hidden)}

    def _read(self, row: Row[Any]) -> Rating:
        return Rating(
            id=row.rating_id, tenant=row.tenant_id, **{name: getattr(row, name) for name in PLAIN},
            **self._fields.decrypt(f"{row.rating_id}/sealed", row.sealed))
