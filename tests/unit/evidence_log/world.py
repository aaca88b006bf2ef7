"""A service `archive` that keeps an evidence log in a real database."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shared_components.db import ALL_TENANTS, Database
from shared_components.evidence_log import EvidenceRecorder
from shared_components.evidence_log.proofs import newest_heads
from shared_components.evidence_log.sealing import MOST, Sealer
from shared_components.evidence_log.statements import Head
from shared_components.evidence_log.verifying import LogReport, Verifier
from shared_components.kernel.calls import CallContext
from shared_components.security import Secrets
from tests.evidence_attacks import Attacker

SERVICE = "archive"
MIGRATION = '''
"""The platform's tables and an evidence log."""
from alembic import op
from shared_components.db import create_platform_tables, key_operations_by_person
from shared_components.evidence_log import create_evidence_tables

revision, down_revision = "0001", None

def upgrade():
    create_platform_tables(op)
    key_operations_by_person(op)
    create_evidence_tables(op)
'''
CALLER = CallContext(caller="app-portal", tenant="health", op_id="op-1", department="dept_health")


def make_package(folder: Path) -> str:
    """A package with one migration, importable by its name from the folder."""
    versions = folder / "evidence_for_tests" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "evidence_for_tests" / "__init__.py").write_text("")
    (versions / "0001_initial.py").write_text(MIGRATION)
    return "evidence_for_tests"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2020, 5, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class Events:
    def __init__(self) -> None:
        self.recorded: list[dict[str, Any]] = []

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        traceparent: str | None = None,
    ) -> None:
        self.recorded.append({"type": type, "aggregate": aggregate, "tenant": tenant, "data": data,
                              "sequence": sequence})


@dataclass
class Scope:
    session: Session
    clock: Clock
    secrets: Secrets
    events: Events


@dataclass
class World:
    database: Database
    secrets: Secrets
    attacker: Attacker
    clock: Clock = field(default_factory=Clock)
    events: Events = field(default_factory=Events)

    def seal(self, most: int = MOST) -> int:
        """Run the sealer once; gives how many records it took."""
        with self.scope() as scope:
            return Sealer(scope, SERVICE).seal(most)

    def verify(self, owner: str, witness: Sequence[Head] = (), *, secrets: Secrets | None = None) -> LogReport:
        with self.database.reading(ALL_TENANTS, snapshot=True) as session:
            verifier = Verifier(session, SERVICE, secrets or self.secrets, now=self.clock.now())
            return verifier.verify(owner, witness)

    def found(self, owner: str, witness: Sequence[Head] = ()) -> list[tuple[str, int | None, str | None]]:
        """The findings of a walk, as (kind, segment, record)."""
        return [(one.kind, one.segment, one.record) for one in self.verify(owner, witness).findings]

    def heads(self) -> list[Head]:
        with self.database.reading(ALL_TENANTS) as session:
            return newest_heads(session, SERVICE)

    @contextmanager
    def scope(self, *tenants: str) -> Iterator[Scope]:
        with self.database.transaction(tenants or ALL_TENANTS) as session:
            yield Scope(session, self.clock, self.secrets, self.events)

    def record(self, *owners: str, about: str = "doc_1", **more: Any) -> list[str]:
        """One record for each owner, in one transaction."""
        with self.scope("health") as scope:
            recorder = EvidenceRecorder(scope, SERVICE)
            return [recorder.record_evidence(CALLER, owner=owner, action="document.read", about=about, **more)
                    for owner in owners]
