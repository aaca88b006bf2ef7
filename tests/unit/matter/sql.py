"""matter's transactions on a real database, without a bus."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services.matter.cases.adapters.step_runner import StepRunner
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.recording import RetryPolicy
from services.matter.cases.usecases.at_once import Claimed
from services.matter.definitions.adapters.definitions import DefinitionCache
from services.matter.kinds.registry import KINDS
from services.matter.steps.adapters.callbacks import HmacCallbacks
from services.matter.transaction import SqlMatterTransaction
from shared_components.db import ALL_TENANTS, Database
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.working_days import WorkingCalendar
from shared_components.security import Secrets
from tests.unit.matter.memory import CALLBACK_KEYS, MOST_AT_ONCE


class Recorder:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, dict[str, Any]]] = []

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Any, sequence: int = 0, traceparent: str | None = None,
    ) -> None:
        self.rows.append((type, tenant, dict(data)))


@dataclass(frozen=True)
class Scope:
    session: Session
    clock: FixedClock
    secrets: Secrets
    events: Recorder
    after_commit: list[Callable[[], None]] = field(default_factory=list)


class Runner(StepRunner):
    """Keeps what was claimed for whoever does it by hand."""

    def __init__(self) -> None:
        self.claimed: list[Claimed] = []
        self.most = MOST_AT_ONCE

    def room(self) -> int:
        return self.most

    def begin(self, claimed: Sequence[Claimed]) -> None:
        self.claimed += claimed


class SqlTransactions:
    """outbox: (type, tenant, data) of every event of a committed transaction. claimed: tasks to be done at once."""

    def __init__(self, database: Database, clock: FixedClock, keys: Path) -> None:
        self.database = database
        self.clock = clock
        self.outbox: list[tuple[str, str, dict[str, Any]]] = []
        self.engine = EngineSettings(KINDS.rules, WorkingCalendar(), RetryPolicy(12))
        self.secrets = Secrets.for_development(keys)
        self._cache = DefinitionCache()
        self._verify = HmacCallbacks(CALLBACK_KEYS)
        self.runner = Runner()

    @property
    def claimed(self) -> list[Claimed]:
        return self.runner.claimed

    @property
    def room(self) -> int:
        """Room for tasks that are claimed where they come due."""
        return self.runner.most

    @room.setter
    def room(self, most: int) -> None:
        self.runner.most = most

    def begin(self, tenant: str | None = None) -> AbstractContextManager[SqlMatterTransaction]:
        return self.begin_for(ALL_TENANTS if tenant is None else [tenant])

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[SqlMatterTransaction]:
        recorder = Recorder()
        with self.database.transaction(tenants) as session:
            scope = Scope(session, self.clock, self.secrets, recorder)
            yield SqlMatterTransaction(scope, self.engine, self._cache, self._verify, self.runner)
        self.outbox += recorder.rows
        for begin in scope.after_commit:
            begin()
