"""Look-ups that several use cases share."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain.errors import AppointmentNotAllowed, MandateNotFound
from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import FindsPersons, HasMandates, key_of_person
from services.identity.mandates.usecases.live import live_mandate
from services.identity.subjects.domain.errors import SubjectNotFound
from services.identity.subjects.domain.ports import HasPopulations, HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ChecksSessions(HasClock, HasMandates, Protocol):
    """The parts by which the session's own mandate is looked up."""


def population_of(tx: HasPopulations, context: CallContext) -> str:
    return tx.populations.of([context.tenant])[context.tenant]


def acting_person(tx: HasSubjects, context: CallContext) -> Subject:
    """The person whose session it is, active. Raises SubjectNotFound, SubjectNotActive."""
    return the_active(tx, context, "" if context.acting is None else context.acting.subject)


def the_active(tx: HasSubjects, context: CallContext, subject_id: str) -> Subject:
    """Raises SubjectNotFound, SubjectNotActive."""
    found = tx.subjects.get(context.tenant, subject_id)
    if found is None:
        raise SubjectNotFound
    found.require_active()
    return found


def reader_key(tx: FindsPersons, context: CallContext) -> str | None:
    """The acting person's agent_key; None where a principal is acted for, or nobody acts."""
    acting = context.acting
    if acting is None or acting.principal is not None:
        return None
    person = tx.subjects.get(context.tenant, acting.subject)
    return None if person is None else key_of_person(tx, population_of(tx, context), person)


def seen_mandate(tx: FindsPersons, mandate_id: str, context: CallContext) -> Mandate:
    """A mandate that the acting person may see. Raises MandateNotFound."""
    (found,) = tx.mandates.read([(context, mandate_id, reader_key(tx, context))])
    if isinstance(found, AppError):
        raise found
    return found


def the_mandate(tx: FindsPersons, mandate_id: str, context: CallContext) -> Mandate:
    """As seen_mandate, and locked."""
    locked = tx.mandates.lock(seen_mandate(tx, mandate_id, context).mandate_id)
    if locked is None:
        raise MandateNotFound
    return locked


def session_mandate(tx: ChecksSessions, context: CallContext) -> Mandate | None:
    """The live mandate of the session, by the tables and not by a copy; None: the person acts for itself.

    Raises AppointmentNotAllowed where the session names a mandate that is not live.
    """
    acting = context.acting
    if acting is None or acting.mandate is None:
        return None
    found = live_mandate(tx, acting.mandate.mandate_id, acting.subject, tx.clock.now())
    if found is None or found.principal_id != acting.principal:
        raise AppointmentNotAllowed
    return found
