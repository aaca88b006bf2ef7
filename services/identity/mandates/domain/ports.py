"""Ports of mandates: what the use cases need of the tables, and of the register of organisations."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.identity.mandates.domain.mandate import Change, Mandate
from services.identity.subjects.domain.ports import (
    Confirmation,
    HasPolicy,
    HasPopulations,
    HasSessionEndings,
    HasSubjects,
)
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock, HasEvents


@dataclass(frozen=True, slots=True)
class Representation:
    """A question to the register: does this person represent this organisation?"""

    credit_code: str
    organisation: str = field(repr=False)
    id_type: str
    id_number: str = field(repr=False)
    name: str = field(repr=False)


class OrganisationRegister(Protocol):
    """A register that knows who represents an organisation, such as the market regulator's."""

    def confirm_representative(self, asked: Representation, *, key: str) -> Confirmation:
        """Raises RepresentationRefused or AuthorityUnavailable.

        key: the same for a repeated question, which gets the same receipt.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListFilter:
    """given: those of which the reader is the principal; else those of which the reader is the agent."""

    given: bool
    state: str | None
    before: str | None
    limit: int


class Mandates(Protocol):
    def key_of(self, population: str, id_type: str, id_number: str, name: str) -> str:
        """The keyed hash of a person's document and name; equal for equal persons of one population."""
        ...

    def add(self, mandate: Mandate) -> None: ...

    def save(self, mandate: Mandate, *, was_active: bool) -> None:
        """Store state, agent, end and successor of a locked mandate."""
        ...

    def remember(self, change: Change) -> None:
        """Add a line to the history."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str, str | None]]) -> list[Mandate | AppError]:
        """Give each call its mandate, or MandateNotFound. The third part: the reader's agent_key."""
        ...

    def page(self, context: CallContext, agent_key: str | None, wanted: ListFilter) -> Sequence[Mandate]:
        """Newest first."""
        ...

    def get(self, mandate_id: str) -> Mandate | None: ...

    def lock(self, mandate_id: str) -> Mandate | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def active_of_agent(self, agent_id: str) -> Sequence[Mandate]:
        """In the order of ids."""
        ...

    def all_of(self, subject_id: str, *, limit: int) -> Sequence[Mandate]:
        """Those of which the subject is principal or agent, in any state, in the order of ids."""
        ...

    def lock_open_of(self, subject_id: str) -> Sequence[Mandate]:
        """Those of which the subject is principal or agent, and that are not over; locked, in the order of ids."""
        ...

    def lock_representative(self, principal_id: str) -> Mandate | None:
        """The mandate of the organisation's representative, if it is not over; locked."""
        ...

    def count_open(self, principal_id: str) -> int: ...

    def lock_due(self, at: datetime, limit: int) -> Sequence[Mandate]:
        """Those that have to expire; what other transactions hold is left out."""
        ...

    def changes(self, mandate_id: str, *, before: int | None, limit: int) -> Sequence[Change]:
        """Newest first."""
        ...


class HasMandates(Protocol):
    @property
    def mandates(self) -> Mandates: ...


class ChangesMandates(HasClock, HasEvents, HasMandates, HasSessionEndings, EvidenceTx, Protocol):
    """The parts that every change of a mandate uses: a time, its history, its evidence, its event."""


class MandatesTx(ChangesMandates, HasPolicy, HasPopulations, HasSubjects, Protocol):
    """A transaction with everything that the use cases of mandates ask for."""


class FindsPersons(HasMandates, HasPopulations, HasSubjects, Protocol):
    """The parts by which the acting person's document is compared."""


def key_of_person(tx: HasMandates, population: str, person: Subject) -> str:
    """The agent_key of a registered person."""
    return tx.mandates.key_of(population, person.id_type, person.id_number, person.name)
