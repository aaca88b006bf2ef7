"""A session whose transaction begins with its first statement: BEGIN, tenants and statement are one message."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Engine, event, exc
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shared_components.db.errors import is_disconnect
from shared_components.db.postgresql import begin_with

Sent = TypeVar("Sent")


def tenants_of(session: Session) -> frozenset[str]:
    """Whose rows a session saw from its beginning; none where nobody has said."""
    return session.tenants if isinstance(session, UnitSession) else frozenset()


class UnitSession(Session):
    """One transaction, in which inserts may wait (bulk.insert_later).

    opening: what PostgreSQL is told between BEGIN and the first statement.
    tenants: whose rows its statements see.
    """

    def __init__(self, engine: Engine, *, opening: Sequence[str] = (), tenants: frozenset[str] = frozenset()) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.tenants = tenants
        self._opening = opening
        self._prepare()
        # SQLite has begun by now.
        self.untouched = engine.dialect.name == "postgresql"

    def connection(self, *given: Any, **options: Any) -> Connection:
        """Give the connection with the transaction open, for writes that bypass the session."""
        if self.untouched:
            self.send_first(lambda: super(UnitSession, self).connection().exec_driver_sql("SELECT 1"))
        return super().connection(*given, **options)

    def run_text(self, statement: str, parameters: tuple[Any, ...]) -> CursorResult[Any]:
        """Run a statement in the driver's own words; use bulk.rows_of, which writes first what waits."""
        def send() -> CursorResult[Any]:
            return super(UnitSession, self).connection().exec_driver_sql(statement, parameters)

        return self.send_first(send) if self.untouched else send()

    def send_first(self, send: Callable[[], Sent]) -> Sent:
        """Send the transaction's first statement, over another connection where the pooled one had died unseen."""
        self.untouched = False
        # Objects of the session go with the first statement, and a rollback forgets them.
        holds_objects = bool(self.new or self.dirty or self.deleted)
        try:
            return send()
        except exc.DBAPIError as error:
            if holds_objects or not is_disconnect(error):
                raise
            # A restart of the server, perhaps. Nothing was done on it, and SQLAlchemy has emptied the pool: one fresh
            # connection tells whether the database is back.
            self.rollback()
            self._prepare()
            return send()

    def _prepare(self) -> None:
        begin_with(super().connection(), self._opening)


@event.listens_for(UnitSession, "before_flush")
def _before_flush(session: UnitSession, *_: Any) -> None:
    """Objects were sent: whatever comes after them is not the first statement."""
    session.untouched = False
