"""Prove an organisation's legal representative: ask the register outside of any transaction, then count it once."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain import states
from services.identity.mandates.domain.mandate import REPRESENTATIVE, Mandate, Terms
from services.identity.mandates.domain.ports import (
    ChangesMandates,
    FindsPersons,
    OrganisationRegister,
    Representation,
    key_of_person,
)
from services.identity.mandates.domain.scopes import ALL
from services.identity.mandates.usecases import views
from services.identity.mandates.usecases.lookups import acting_person, population_of
from services.identity.mandates.usecases.records import (
    REPLACED,
    REPRESENTATION_CONFIRMED,
    REPRESENTATION_RENEWED,
    record_change,
    record_new,
)
from services.identity.subjects.domain.documents import CREDIT_CODE, china_today
from services.identity.subjects.domain.errors import AlreadyRegistered, NameInvalid, SubjectNotFound
from services.identity.subjects.domain.ports import HasPolicy
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.usecases.register import RegisterOrganisation, register_organisation
from services.identity.subjects.usecases.views import shown_name
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

VALID, RENEWED_AFTER = timedelta(days=365), timedelta(days=30)
"""The time after which the register has to confirm a representative again."""


class RepresentTx(ChangesMandates, HasPolicy, FindsPersons, Protocol):
    """The transactions of proving a representative."""


@dataclass(frozen=True, slots=True)
class ProveRepresentation:
    credit_code: str
    organisation_name: str = field(repr=False)


def prove_representation(
    transactions: Begins[RepresentTx], register: OrganisationRegister, command: ProveRepresentation,
    context: CallContext,
) -> views.MandateView:
    """Give the acting person the organisation's mandate; the representative before loses it.

    An organisation that is not known yet is registered. Raises SubjectNotFound, SubjectNotActive, NumberError,
    NameInvalid, RepresentationRefused, AuthorityUnavailable.
    """
    with transactions.begin(context.tenant) as tx:
        person = acting_person(tx, context)
        code = tx.policy.documents.organisation_number(command.credit_code)
        name = clean_name(command.organisation_name, error=NameInvalid)
    asked = Representation(code, name, person.id_type, person.id_number, person.name)
    # The operation id as the key: a repeated call gets the same receipt.
    confirmation = register.confirm_representative(asked, key=f"{person.subject_id}/{code}/{context.op_id}")
    try:
        mandate = _count(transactions, asked, confirmation.receipt, context)
    except AlreadyRegistered:  # somebody registered the organisation at the same moment: it is found now
        mandate = _count(transactions, asked, confirmation.receipt, context)
    return views.mandate(mandate, context.locale)


def _count(
    transactions: Begins[RepresentTx], asked: Representation, receipt: str, context: CallContext,
) -> Mandate:
    with transactions.begin(context.tenant) as tx:
        person = acting_person(tx, context)
        organisation = _organisation(tx, asked.credit_code, asked.organisation, context)
        return _confirmed(tx, organisation, person, context, receipt=receipt)


def confirm_representation(
    tx: RepresentTx, code: str, name: str, person: Subject, context: CallContext, *, receipt: str,
) -> bool:
    """Give the person the organisation's mandate on the word of a trusted provider, in the caller's transaction.

    False when the organisation has another name here. A mandate that holds for long is left as it is. Raises
    SubjectNotActive, AlreadyRegistered when the organisation is being registered at this moment.
    """
    organisation = _organisation(tx, code, name, context)
    if organisation.name != name:
        return False
    before = tx.mandates.lock_representative(organisation.subject_id)
    if before is None or before.agent_id != person.subject_id or before.state != states.ACTIVE or _is_ending(
            before, china_today(tx.clock.now())):
        _confirmed(tx, organisation, person, context, receipt=receipt)
    return True


def _is_ending(mandate: Mandate, today: date) -> bool:
    return mandate.terms.valid_until is not None and mandate.terms.valid_until < today + VALID - RENEWED_AFTER


def _organisation(tx: RepresentTx, code: str, name: str, context: CallContext) -> Subject:
    """The organisation, registered now if it was not. Raises SubjectNotActive."""
    found = tx.subjects.find(context.tenant, CREDIT_CODE, code)
    if found is None:
        register_organisation(tx, RegisterOrganisation(name, code, context.locale), context)
        found = tx.subjects.find(context.tenant, CREDIT_CODE, code)
    if found is None:
        raise SubjectNotFound
    locked = tx.subjects.lock(context.tenant, found.subject_id)
    if locked is None:
        raise SubjectNotFound
    locked.require_active()
    return locked


def _confirmed(
    tx: RepresentTx, organisation: Subject, person: Subject, context: CallContext, *, receipt: str,
) -> Mandate:
    until = china_today(tx.clock.now() + VALID)
    before = tx.mandates.lock_representative(organisation.subject_id)
    if before is not None and before.agent_id == person.subject_id and before.state == states.ACTIVE:
        return record_change(tx, before, before.renewed(until), REPRESENTATION_RENEWED, context)
    if before is not None:
        record_change(tx, before, before.in_state(states.ENDED), REPLACED, context)
    mandate = _mandate(tx, organisation, person, Terms(
        frozenset({ALL}), china_today(tx.clock.now()), valid_until=until), context)
    record_new(tx, mandate, REPRESENTATION_CONFIRMED, context, receipt=receipt)
    return mandate


def _mandate(
    tx: RepresentTx, organisation: Subject, person: Subject, terms: Terms, context: CallContext,
) -> Mandate:
    population = population_of(tx, context)
    return Mandate(
        mandate_id=new_id("man"), population=population, kind=REPRESENTATIVE, principal_id=organisation.subject_id,
        agent_id=person.subject_id, agent_key=key_of_person(tx, population, person), terms=terms,
        appointed_by=person.subject_id, created_at=tx.clock.now(), principal_name=shown_name(organisation),
        agent_name=shown_name(person), state=states.ACTIVE)
