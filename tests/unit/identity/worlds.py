"""Two worlds with the same ports: memory, and SQLite with real migrations, keys and event schemas."""
from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.schemas import EVENTS as ALL_EVENTS
from services.identity.subjects import usecases
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.usecases.views import SubjectView
from services.identity.transaction import SqlIdentityTransaction
from shared_components.contracts import Message
from shared_components.db import ALL_TENANTS, Database, migrate
from shared_components.db.feeds import FeedRecorder
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import Clock, FixedClock
from shared_components.kernel.events import Events
from shared_components.security import Secrets
from tests.outcomes import one
from tests.unit.identity.fakes import POLICY, MemoryTransactions

EVENTS = {event.type: event.data for event in ALL_EVENTS}


@functools.cache
def _migrated() -> Path:
    """A database with the tables and nothing in them, made once."""
    folder = Path(tempfile.mkdtemp(prefix="zhongtai-identity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder}/zhongtai.db", "identity")
    return folder / "zhongtai-identity.db"


class CheckedEvents:
    """Keeps events, and insists that their data is just what the event's schema declares."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        traceparent: str | None = None,
    ) -> None:
        assert set(data) == set(EVENTS[type]().fields)
        EVENTS[type]().dump(data)
        self._rows.append(
            {"type": type, "aggregate": aggregate, "tenant": tenant, "sequence": sequence, "data": dict(data)})


@dataclass
class Scope:
    session: Session
    clock: Clock
    secrets: Secrets
    events: Events
    feed: FeedRecorder = field(default_factory=FeedRecorder)


class SqlTransactions:
    """url: a migrated database; without it a new SQLite file in the folder, where the key lies, too."""

    def __init__(self, folder: Path, clock: Clock, policy: IdentityPolicy = POLICY, url: str | None = None) -> None:
        if url is None:
            shutil.copy(_migrated(), folder / "zhongtai-identity.db")
        self.database = Database(url or f"sqlite:///{folder}/zhongtai.db", "identity")
        self.clock, self.policy, self.secrets = clock, policy, Secrets.for_development(folder)
        self.credential_policy: CredentialPolicy | None = None
        self.events: list[dict[str, Any]] = []

    configured_apps: Sequence[str] = ()

    @contextmanager
    def begin(self, tenant: str) -> Iterator[SqlIdentityTransaction]:
        with self.begin_for([tenant]) as tx:
            yield tx

    @contextmanager
    def begin_for(self, tenants: Sequence[str]) -> Iterator[SqlIdentityTransaction]:
        rows: list[dict[str, Any]] = []
        with self.database.transaction(tenants) as session:
            scope = Scope(session, self.clock, self.secrets, CheckedEvents(rows))
            yield SqlIdentityTransaction(
                scope, self.policy, self.credential_policy, configured_apps=self.configured_apps)
            scope.feed.write(session)
        self.events += rows

    @contextmanager
    def reading(self, tenant: str) -> Iterator[SqlIdentityTransaction]:
        with self.database.reading([tenant]) as session:
            scope = Scope(session, self.clock, self.secrets, CheckedEvents([]))
            yield SqlIdentityTransaction(scope, self.policy, self.credential_policy)

    @property
    def changes(self) -> list[str]:
        with self.database.reading(ALL_TENANTS) as session:
            query = text("SELECT what FROM subject_changes ORDER BY subject_id, revision")
            return list(session.execute(query).scalars())


Transactions = MemoryTransactions | SqlTransactions


def subject_of(tx: Any, call: Call) -> SubjectView:
    """The subject that a call of get_subject gets. Raises its error."""
    return one(usecases.get_subjects(tx, [call]))


def subject_for_case_of(tx: Any, call: Call) -> SubjectView:
    return one(usecases.get_subjects_for_cases(tx, [call]))


@dataclass
class World:
    transactions: Transactions
    clock: FixedClock

    def call(
        self, schema: type[Message], *, caller: str = "app-hall", tenant: str = "t1", op_id: str = "op-1", **data: Any
    ) -> Call:
        return Call(schema().load(data), CallContext(caller, tenant, op_id=op_id))
