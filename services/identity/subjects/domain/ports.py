"""Ports: what the use cases need of the outside. Adapters give it, and so do the fakes of the tests."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.identity.subjects.domain.documents import DocumentRules
from services.identity.subjects.domain.levels import LevelTable
from services.identity.subjects.domain.subject import Change, Evidence, Subject
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasClock, HasEvents


@dataclass(frozen=True)
class Claim:
    """A question to an authority. proof: what the subject brought, such as a token."""

    kind: str
    id_type: str
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    proof: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Confirmation:
    authority: str
    receipt: str


class Authority(Protocol):
    """An authority that knows people: the police, the market regulator, a certification authority."""

    def confirm(self, claim: Claim, *, key: str) -> Confirmation:
        """Raises EvidenceRefused or AuthorityUnavailable.

        key: the same for a repeated question, which gets the same receipt.
        """
        ...


class Subjects(Protocol):
    def add(self, subject: Subject, change: Change) -> None:
        """Raises AlreadyRegistered when the tenant has this document."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Subject | AppError]:
        """Give each call its subject by id, or SubjectNotFound."""
        ...

    def get(self, tenant: str, subject_id: str) -> Subject | None: ...

    def lock(self, tenant: str, subject_id: str) -> Subject | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None: ...

    def save(self, subject: Subject, change: Change) -> None:
        """Store state and standing of a locked subject, and remember the change under its revision."""
        ...


class Evidences(Protocol):
    def has(self, authority: str, receipt: str, subject_id: str) -> bool: ...

    def add(self, evidence: Evidence) -> None: ...

    def page(self, tenant: str, subject_id: str, *, before: str | None, limit: int) -> Sequence[Evidence]:
        """Newest first; before: an evidence id."""
        ...


class Policy(Protocol):
    """Rules from the configuration."""

    @property
    def documents(self) -> DocumentRules: ...
    @property
    def levels(self) -> LevelTable:
        """The table of the platform's own jurisdiction."""
        ...
    @property
    def jurisdictions(self) -> Mapping[str, LevelTable]: ...


class HasPolicy(Protocol):
    @property
    def policy(self) -> Policy: ...


class HasSubjects(Protocol):
    @property
    def subjects(self) -> Subjects: ...


class HasEvidence(Protocol):
    @property
    def evidence(self) -> Evidences: ...


class SubjectsTx(HasClock, HasEvents, HasEvidence, HasPolicy, HasSubjects, Protocol):
    """A transaction with everything that the use cases of subjects ask for."""
