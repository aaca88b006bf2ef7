"""Find the account of a person whom a provider names by a document, or register the person."""
from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.identity.subjects.domain import states
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.errors import (
    AlreadyRegistered,
    DocumentNumberInvalid,
    IdTypeUnknown,
    NameInvalid,
)
from services.identity.subjects.domain.ports import HasPolicy, HasPopulations, HasSubjects
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.usecases.register import RegisterPerson, register_person
from services.identity.upstream.domain.errors import UpstreamNotLinked, UpstreamRefused
from services.identity.upstream.domain.ports import HasLinks
from services.identity.upstream.domain.provider import ProviderPolicy, UpstreamPerson
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import NumberError
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class Named(NamedTuple):
    """A person by name and document, in their one spelling."""

    name: str
    id_type: str
    id_number: str


class AccountsTx(HasClock, HasEvents, HasLinks, HasPolicy, EvidenceTx, HasPopulations, HasSubjects, Protocol):
    """The transaction of finding an account."""


def account_by_document(
    tx: AccountsTx, policy: ProviderPolicy, person: UpstreamPerson, context: CallContext,
) -> Subject:
    """The account with the document that a trusted provider names, and with the same name.

    Raises UpstreamNotLinked, UpstreamRefused.
    """
    named = _named(tx, policy, person)
    if named is None:
        raise UpstreamNotLinked
    found = tx.subjects.find(context.tenant, named.id_type, named.id_number)
    if found is not None:
        if found.name != named.name or found.state != states.ACTIVE:
            raise UpstreamNotLinked
        return found
    return _registered(tx, policy, RegisterPerson(named.name, named.id_type, named.id_number, context.locale), context)


def is_same_person(tx: AccountsTx, policy: ProviderPolicy, person: UpstreamPerson, subject: Subject) -> bool:
    """Tell whether the provider vouches for the document and the name that the account has."""
    named = _named(tx, policy, person)
    return named is not None and named == Named(subject.name, subject.id_type, subject.id_number)


def _named(tx: AccountsTx, policy: ProviderPolicy, person: UpstreamPerson) -> Named | None:
    """The person by name and document; None where the provider names none, or is not trusted for it.

    Raises UpstreamRefused for a document or a name that nobody can have.
    """
    id_type, number = _document(policy, person)
    if id_type is None or number is None or person.name is None:
        return None
    try:
        return Named(
            clean_name(person.name, error=NameInvalid), id_type,
            tx.policy.documents.person_number(id_type, number, today=china_today(tx.clock.now())))
    except (NumberError, IdTypeUnknown, DocumentNumberInvalid, NameInvalid):
        raise UpstreamRefused(Bilingual(
            "the provider names a document or a name that is not accepted here",
            "该渠道提供的证件或姓名不符合本平台要求"),
            details={"reason": "document-invalid"}) from None


def _document(policy: ProviderPolicy, person: UpstreamPerson) -> tuple[str | None, str | None]:
    if policy.document_type is not None:
        return policy.document_type, person.upstream_id
    return (person.id_type, person.id_number) if policy.trusted_for_documents else (None, None)


def _registered(
    tx: AccountsTx, policy: ProviderPolicy, command: RegisterPerson, context: CallContext,
) -> Subject:
    if not policy.registers:
        raise UpstreamNotLinked
    try:
        register_person(tx, command, context)
    except AlreadyRegistered:
        raise UpstreamNotLinked from None
    found = tx.subjects.find(context.tenant, command.id_type, command.id_number)
    if found is None:
        raise UpstreamNotLinked
    return found
