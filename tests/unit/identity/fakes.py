"""An in-memory transaction of identity: the same ports as SQL, for fast tests."""
from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.identity.subjects.domain.documents import DocumentRules, DocumentType
from services.identity.subjects.domain.errors import AlreadyRegistered, SubjectNotFound
from services.identity.subjects.domain.levels import DEFAULT_JURISDICTION, DEFAULT_RULES, LevelTable
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.domain.ports import Claim, Confirmation, SubjectFollower
from services.identity.subjects.domain.subject import Change, Evidence, Subject
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import Clock
from shared_components.kernel.errors import AppError

TABLE = LevelTable(DEFAULT_JURISDICTION, DEFAULT_RULES)
DOCUMENT_TYPES = {
    "414": DocumentType("[A-Z][0-9]{8}"), "553": DocumentType("9[0-9]{16}[0-9X]", "mod-11-2"),
    "552": DocumentType("[A-Z]{3}[0-9]{12}", "mrz-731"), "NET": DocumentType("[A-Za-z0-9+/=_-]{16,64}", verbatim=True),
}
POLICY = IdentityPolicy(DocumentRules(DOCUMENT_TYPES), TABLE, {DEFAULT_JURISDICTION: TABLE})


@dataclass
class Store:
    subjects: dict[str, Subject] = field(default_factory=dict)
    changes: dict[tuple[str, int], Change] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    registrations: set[tuple[str, str, str]] = field(default_factory=set)


class MemoryPopulations:
    def of(self, tenants: Collection[str]) -> Mapping[str, str]:
        return {tenant: tenant for tenant in tenants}


class MemorySubjects:
    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, subject: Subject, change: Change) -> None:
        # Not through `find`: a test may blind it, to play two registrations at once.
        if MemorySubjects.find(self, subject.tenant, subject.id_type, subject.id_number):
            raise AlreadyRegistered
        self.save(subject, change)

    def is_registered(self, subject: Subject, tenant: str, app: str) -> bool:
        first = subject.tenant == tenant and subject.registered_by in (app, None)
        return first or (subject.subject_id, tenant, app) in self._store.registrations

    def add_registration(self, subject: Subject, tenant: str, app: str, at: datetime) -> None:
        self._store.registrations.add((subject.subject_id, tenant, app))

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Subject | AppError]:
        return [self.get(context.tenant, subject_id) or SubjectNotFound() for context, subject_id in asked]

    def get(self, tenant: str, subject_id: str) -> Subject | None:
        found = self._store.subjects.get(subject_id)
        return found if found and found.tenant == tenant else None

    lock = get

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None:
        wanted = (tenant, id_type, id_number)
        return next((s for s in self._store.subjects.values() if (s.tenant, s.id_type, s.id_number) == wanted), None)

    def save(self, subject: Subject, change: Change) -> None:
        assert (subject.subject_id, subject.revision) not in self._store.changes, "a revision is written once"
        self._store.subjects[subject.subject_id] = subject
        self._store.changes[subject.subject_id, subject.revision] = change

    def correct(self, subject: Subject, change: Change) -> None:
        self.save(subject, change)

    def erase(self, subject: Subject, change: Change) -> None:
        nothing = replace(subject, name="", id_number=f"erased-{subject.subject_id}", mobile=None, email=None)
        self.save(nothing, change)


class MemoryEvidences:
    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, authority: str, receipt: str, subject_id: str) -> bool:
        return any(
            (e.authority, e.receipt, e.subject_id) == (authority, receipt, subject_id) for e in self._store.evidence)

    def add(self, evidence: Evidence) -> None:
        self._store.evidence.append(evidence)

    def page(self, subject_id: str, *, before: str | None, limit: int) -> Sequence[Evidence]:
        found = [e for e in self._store.evidence if e.subject_id == subject_id]
        found = [e for e in found if before is None or e.evidence_id < before]
        return sorted(found, key=lambda e: e.evidence_id, reverse=True)[:limit]


class MemoryEvents:
    def __init__(self, store: Store) -> None:
        self._store = store

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        traceparent: str | None = None,
    ) -> None:
        self._store.events.append({"type": type, "aggregate": aggregate, "tenant": tenant, "sequence": sequence,
                                   "data": dict(data)})


class MemoryTransaction:
    def __init__(self, store: Store, clock: Clock, policy: IdentityPolicy) -> None:
        self.clock, self.policy = clock, policy
        self.populations = MemoryPopulations()
        self.subjects, self.evidence = MemorySubjects(store), MemoryEvidences(store)
        self.events = MemoryEvents(store)
        self.subject_followers: Sequence[SubjectFollower] = ()


class MemoryTransactions:
    """`begin` takes back everything when its block raises."""

    def __init__(self, clock: Clock, policy: IdentityPolicy = POLICY) -> None:
        self.clock, self.policy, self.store = clock, policy, Store()

    @contextmanager
    def begin(self, tenant: str) -> Iterator[MemoryTransaction]:
        draft = copy.deepcopy(self.store)
        yield MemoryTransaction(draft, self.clock, self.policy)
        self.store.__dict__.update(draft.__dict__)

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.store.events

    @property
    def changes(self) -> list[str]:
        return [change.what for _, change in sorted(self.store.changes.items())]


class YesAuthority:
    """Confirms everything; a question with the same key gets the same receipt."""

    def __init__(self) -> None:
        self.asked: list[Claim] = []

    def confirm(self, claim: Claim, *, key: str) -> Confirmation:
        self.asked.append(claim)
        return Confirmation("yes", f"{claim.kind}/{key}"[-128:])
