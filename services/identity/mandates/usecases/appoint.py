"""Appoint an agent. Whether that person is registered is neither asked nor told: the mandate waits for them."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain.appointing import require_may_appoint, require_within
from services.identity.mandates.domain.errors import AgentInvalid, MandatePeriodInvalid, TooManyMandates
from services.identity.mandates.domain.mandate import HANDLER, Mandate, Terms, is_over
from services.identity.mandates.domain.ports import ChangesMandates, FindsPersons, key_of_person
from services.identity.mandates.usecases import views
from services.identity.mandates.usecases.lookups import acting_person, population_of, session_mandate, the_active
from services.identity.mandates.usecases.records import APPOINTED, record_new
from services.identity.subjects.domain.documents import RESIDENT_ID, china_today
from services.identity.subjects.domain.errors import NameInvalid
from services.identity.subjects.domain.ports import HasPolicy
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.usecases.views import shown_name
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import mask_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MOST_OPEN = 500
"""Mandates of one principal that are not over."""


class AppointTx(ChangesMandates, FindsPersons, HasPolicy, Protocol):
    """The transaction of appointing an agent."""


@dataclass(frozen=True, slots=True)
class AppointAgent:
    """The agent is named by document and name, as the principal knows them. valid_from: None is today."""

    agent_name: str = field(repr=False)
    agent_id_number: str = field(repr=False)
    scopes: Collection[str]
    agent_id_type: str = RESIDENT_ID
    kind: str = HANDLER
    matters: Collection[str] = ()
    limit_minor: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


def appoint_agent(tx: AppointTx, command: AppointAgent, context: CallContext) -> views.MandateView:
    """Propose a mandate for the acting person, or for the organisation that the session acts for.

    Raises AppointmentNotAllowed, MandateTooWide, MandatePeriodInvalid, AgentInvalid, TooManyMandates, SubjectNotActive,
    NumberError, IdTypeUnknown, DocumentNumberInvalid, NameInvalid.
    """
    person, under = acting_person(tx, context), session_mandate(tx, context)
    principal = person if under is None else the_active(tx, context, under.principal_id)
    terms = _terms(tx, command)
    require_may_appoint(command.kind, under)
    require_within(terms, under)
    mandate = _mandate(tx, command, terms, principal, person, context)
    if tx.mandates.count_open(principal.subject_id) >= MOST_OPEN:
        raise TooManyMandates(Bilingual(
            f"the principal has {MOST_OPEN} open mandates; fewer are allowed",
            f"授权人已有 {MOST_OPEN} 项未结束的授权；须少于此数"))
    record_new(tx, mandate, APPOINTED, context)
    return views.mandate(mandate, context.locale)


def _terms(tx: AppointTx, command: AppointAgent) -> Terms:
    now = tx.clock.now()
    terms = Terms(
        frozenset(command.scopes), command.valid_from or china_today(now), frozenset(command.matters),
        command.limit_minor, command.valid_until)
    if is_over(terms, now):
        raise MandatePeriodInvalid(Bilingual(
            f"valid_until is {terms.valid_until}; a day from {max(terms.valid_from, china_today(now))} on is allowed",
            f"截止日期为 {terms.valid_until}；须为 {max(terms.valid_from, china_today(now))} 或之后"))
    return terms


def _mandate(
    tx: AppointTx, command: AppointAgent, terms: Terms, principal: Subject, person: Subject, context: CallContext,
) -> Mandate:
    now, population = tx.clock.now(), population_of(tx, context)
    name = clean_name(command.agent_name, error=NameInvalid)
    number = tx.policy.documents.person_number(
        command.agent_id_type, command.agent_id_number, today=china_today(now))
    key = tx.mandates.key_of(population, command.agent_id_type, number, name)
    if key == key_of_person(tx, population, person):
        raise AgentInvalid(Bilingual(
            "the agent is the acting person; another person is allowed", "被授权人即当前办理人；须为其他人员"))
    return Mandate(
        mandate_id=new_id("man"), population=population, kind=command.kind, principal_id=principal.subject_id,
        agent_id=None, agent_key=key, terms=terms, appointed_by=person.subject_id, created_at=now,
        principal_name=shown_name(principal), agent_name=mask_name(name))
