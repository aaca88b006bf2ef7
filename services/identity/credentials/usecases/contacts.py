"""Let a subject be found by its mobile number and e-mail address."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.identity.credentials.domain.identifiers import EMAIL, MOBILE, email_of, mobile_of
from services.identity.credentials.domain.ports import HasAccounts
from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.transactions import Begins


class ContactsTx(HasAccounts, HasSubjects, Protocol):
    """The transaction of learning contacts."""


def learn_contacts(tx: ContactsTx, population: str, subject_id: str) -> None:
    """As learn_registered, in a transaction of the population."""
    subject = tx.subjects.get(population, subject_id)
    if subject is not None:
        index_contacts(tx, subject)


def learn_registered(transactions: Begins[ContactsTx], tenant: str, subject_id: str) -> None:
    """Find the subject by the contacts that it has now. Doing it again changes nothing.

    tenant: of the subject's registration, which sees the subject; the contacts are rows of the population.
    """
    with transactions.begin(tenant) as tx:
        subject = tx.subjects.get(tenant, subject_id)
    if subject is not None:
        with transactions.begin(subject.population or subject.tenant) as tx:
            index_contacts(tx, subject)


def index_piece(tx: ContactsTx, *, after: str, limit: int) -> Sequence[str]:
    """Learn the contacts of the next subjects of all tenants, in the order of their ids; gives these ids."""
    found = tx.accounts.next_subjects(after, limit)
    for tenant, subject_id in found:
        subject = tx.subjects.get(tenant, subject_id)
        if subject is not None:
            index_contacts(tx, subject)
    return [subject_id for _, subject_id in found]


def index_contacts(tx: HasAccounts, subject: Subject) -> None:
    """As learn_contacts, for a subject at hand, in a transaction of its population."""
    contacts = [(kind, value) for kind, value in (
        (MOBILE, mobile_of(subject.mobile or "")), (EMAIL, email_of(subject.email or ""))) if value is not None]
    tx.accounts.set_contacts(subject.population or subject.tenant, subject.subject_id, contacts)
