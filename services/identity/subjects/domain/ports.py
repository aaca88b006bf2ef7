"""Ports: what the use cases need of the outside. Adapters give it, and so do the fakes of the tests."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.identity.subjects.domain.documents import DocumentRules
from services.identity.subjects.domain.levels import LevelTable
from services.identity.subjects.domain.merging import Proposal
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


class Populations(Protocol):
    def of(self, tenants: Collection[str]) -> Mapping[str, str]:
        """The tenant of the population for each of these tenants: that of its realm, and itself without a realm."""
        ...


class Subjects(Protocol):
    """Every method takes a tenant of the subject's realm, or the tenant that registered it."""

    def add(self, subject: Subject, change: Change) -> None:
        """Raises AlreadyRegistered when the population has this document."""
        ...

    def is_registered(self, subject: Subject, tenant: str, app: str) -> bool:
        """Tell whether this app has registered the subject."""
        ...

    def add_registration(self, subject: Subject, tenant: str, app: str, at: datetime) -> None:
        """Let a further app read the subject. Raises AlreadyRegistered when it may already."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Subject | AppError]:
        """Give each call its subject by id, or SubjectNotFound. A subject that was merged is the one it merged into."""
        ...

    def get(self, tenant: str, subject_id: str) -> Subject | None: ...

    def lock(self, tenant: str, subject_id: str) -> Subject | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None:
        """By document: the tenant's own subject, else that of the population. A merged one is what it merged into."""
        ...

    def correct(self, subject: Subject, change: Change) -> None:
        """As save, and store name and contacts."""
        ...

    def erase(self, subject: Subject, change: Change) -> None:
        """Erase name, document and contacts of a locked subject; nobody finds it by its document any more."""
        ...

    def save(self, subject: Subject, change: Change) -> None:
        """Store state and standing of a locked subject, and remember the change under its revision."""
        ...


class Merges(Protocol):
    def lock(self, population: str, merge_id: str) -> Proposal | None: ...

    def save(self, proposal: Proposal) -> None:
        """Store the decision."""
        ...

    def page(self, population: str, *, state: str, after: str | None, limit: int) -> Sequence[Proposal]:
        """In the order of ids."""
        ...

    def hand_over(self, merged: Subject, survivor: Subject, at: datetime) -> None:
        """Let the apps that read the merged one read the survivor, and point what was merged into it there, too."""
        ...


class History(Protocol):
    def page(self, subject_id: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Change]]:
        """Revisions with their changes, newest first."""
        ...


class Evidences(Protocol):
    def has(self, authority: str, receipt: str, subject_id: str) -> bool: ...

    def add(self, evidence: Evidence) -> None: ...

    def page(self, subject_id: str, *, before: str | None, limit: int) -> Sequence[Evidence]:
        """Newest first, with that of subjects that were merged into it; before: an evidence id."""
        ...


class SessionEndings(Protocol):
    """Ends sessions when a person loses rights, in the same transaction. Sessions are a later topic."""

    def subject_changed(self, subject: Subject) -> None:
        """The subject was stored: it may be frozen, closed or merged, or its level may have fallen."""
        ...

    def credential_changed(self, subject_id: str, *, except_session: str | None = None) -> None:
        """A way to sign in was changed or removed. except_session: in which this was done."""
        ...

    def mandate_ended(self, mandate_id: str) -> None:
        """Nobody acts under the mandate any more."""
        ...


class HasSessionEndings(Protocol):
    @property
    def session_endings(self) -> SessionEndings: ...


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


class SubjectFollower(Protocol):
    """Hears of a subject's change in the transaction that makes it; later topics keep what hangs on the subject."""

    def subject_changed(self, subject: Subject, context: CallContext) -> None:
        """Follow a subject that was frozen, made active again or closed."""
        ...

    def subject_merged(self, merged: Subject, survivor: Subject, context: CallContext) -> None:
        """Follow a subject that was merged into another one."""
        ...


class FollowsSubjects(Protocol):
    @property
    def subject_followers(self) -> Sequence[SubjectFollower]: ...


class HasPolicy(Protocol):
    @property
    def policy(self) -> Policy: ...


class HasPopulations(Protocol):
    @property
    def populations(self) -> Populations: ...


class HasMerges(Protocol):
    @property
    def merges(self) -> Merges: ...


class HasSubjectHistory(Protocol):
    @property
    def subject_history(self) -> History: ...


class HasSubjects(Protocol):
    @property
    def subjects(self) -> Subjects: ...


class HasEvidence(Protocol):
    @property
    def evidence(self) -> Evidences: ...


class SubjectsTx(
    FollowsSubjects, HasClock, HasEvents, HasEvidence, HasMerges, HasPolicy, HasPopulations, HasSubjectHistory,
    HasSubjects, Protocol,
):
    """A transaction with everything that the use cases of subjects ask for."""
