"""Challenges, and the codes that were sent, in SQL."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.identity.credentials.domain.attempts import Rate
from services.identity.credentials.domain.credential import Challenge
from services.identity.credentials.models import ChallengeRow as Row
from services.identity.credentials.models import CodeSendingRow
from shared_components.db import hold_key
from shared_components.kernel.ids import new_id
from shared_components.security import Secrets


class SqlChallenges:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def add(self, challenge: Challenge, *, binding: str) -> None:
        self._session.execute(insert(Row).values(
            challenge_id=challenge.challenge_id, tenant_id=challenge.population, purpose=challenge.purpose,
            subject_id=challenge.subject_id, binding=self._bound(challenge.population, binding),
            secret=self._secrets.fields.encrypt(challenge.secret, aad=challenge.challenge_id), method=challenge.method,
            tries=0, created_at=challenge.created_at, expires_at=challenge.expires_at, ended_at=None))

    def get(self, challenge_id: str) -> Challenge | None:
        row = self._session.execute(
            select(Row).where(Row.challenge_id == challenge_id, Row.ended_at.is_(None))
            .execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else self._challenge(row)

    def try_once(self, challenge_id: str, *, binding: str, most: int, at: datetime) -> Challenge | None:
        row = self._session.execute(
            update(Row).where(
                Row.challenge_id == challenge_id, Row.tries < most, Row.expires_at > at, Row.ended_at.is_(None))
            .values(tries=Row.tries + 1).returning(Row)
            .execution_options(synchronize_session=False, populate_existing=True)).scalar_one_or_none()
        # A wrong browser uses up a try, too: nobody else has reason to know the challenge's id.
        if row is None or row.binding != self._bound(row.tenant_id, binding):
            return None
        return self._challenge(row)

    def end(self, challenge_id: str, at: datetime) -> bool:
        done = self._session.execute(
            update(Row).where(Row.challenge_id == challenge_id, Row.ended_at.is_(None)).values(ended_at=at)
            .execution_options(synchronize_session=False))
        return isinstance(done, CursorResult) and done.rowcount == 1

    def purge(self, before: datetime, most: int) -> int:
        """Delete challenges that ended before; gives how many."""
        old = select(Row.challenge_id).where(Row.expires_at < before).limit(most)
        done = self._session.execute(
            delete(Row).where(Row.challenge_id.in_(old.scalar_subquery())).execution_options(synchronize_session=False))
        return done.rowcount if isinstance(done, CursorResult) else 0

    def _bound(self, population: str, binding: str) -> str:
        return self._secrets.blind_index(population, "binding", binding)

    def _challenge(self, row: Row) -> Challenge:
        secret = self._secrets.fields.decrypt(row.secret, aad=row.challenge_id)
        return Challenge(
            row.challenge_id, row.tenant_id, row.purpose, row.subject_id, secret, row.created_at, row.expires_at,
            row.tries, row.method)


class SqlCodeSendings:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def take(
        self, population: str, kind: str, value: str, rates: Sequence[Rate], at: datetime, *, key: str | None = None,
    ) -> int:
        target = self._secrets.blind_index(population, f"code-to:{kind}", value)
        hold_key(self._session, "code", population, target)
        if key is not None and self._session.get(CodeSendingRow, key) is not None:
            return 0
        for rate in rates:
            if wait_s := self._wait_s(population, target, rate, at):
                return wait_s
        self._session.execute(insert(CodeSendingRow).values(
            sending_id=key or new_id("csd"), tenant_id=population, target=target, at=at))
        return 0

    def purge(self, before: datetime, most: int) -> int:
        """Delete what no rate counts any more; gives how many."""
        old = select(CodeSendingRow.sending_id).where(CodeSendingRow.at < before).limit(most)
        done = self._session.execute(
            delete(CodeSendingRow).where(CodeSendingRow.sending_id.in_(old.scalar_subquery()))
            .execution_options(synchronize_session=False))
        return done.rowcount if isinstance(done, CursorResult) else 0

    def _wait_s(self, population: str, target: str, rate: Rate, at: datetime) -> int:
        """Seconds until the oldest of the codes that use up a rate is out of its window."""
        within = select(CodeSendingRow.at).where(
            CodeSendingRow.tenant_id == population, CodeSendingRow.target == target,
            CodeSendingRow.at > at - rate.window).order_by(CodeSendingRow.at.desc()).limit(rate.count).subquery()
        count, oldest = self._session.execute(select(func.count(), func.min(within.c.at))).one()
        if count < rate.count:
            return 0
        left: timedelta = oldest + rate.window - at
        return max(1, ceil(left.total_seconds()))
