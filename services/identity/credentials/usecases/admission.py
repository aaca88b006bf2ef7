"""Whether a person who has shown a secret may have a session: an active account, and a guardian's consent under 14."""
from __future__ import annotations

from datetime import date
from typing import Protocol

from services.identity.credentials.domain.errors import GuardianConsentNeeded, SignInRefused
from services.identity.credentials.domain.guardians import is_child
from services.identity.credentials.domain.ports import HasGuardianConsents
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.states import ACTIVE
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasClock


class AdmissionTx(HasClock, HasGuardianConsents, HasSubjects, Protocol):
    """The transaction of admitting a person."""


def refusal_of(tx: AdmissionTx, population: str, subject_id: str) -> AppError | None:
    """The reason why this person gets no session, after a right secret; None: nothing is in the way."""
    subject = tx.subjects.get(population, subject_id)
    if subject is None or subject.state != ACTIVE:
        return SignInRefused()
    if needs_guardian(subject, today=china_today(tx.clock.now())) and not tx.guardian_consents.has_accepted(subject_id):
        return GuardianConsentNeeded()
    return None


def needs_guardian(subject: Subject, *, today: date) -> bool:
    return is_child(subject.id_type, subject.id_number, today=today)
