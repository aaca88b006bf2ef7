"""Accept or refuse a mandate, as the person whom the principal has named."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain import states
from services.identity.mandates.domain.errors import MandateNotFound, MandatePeriodInvalid
from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import ChangesMandates, FindsPersons
from services.identity.mandates.usecases import views
from services.identity.mandates.usecases.lookups import acting_person, reader_key, the_active, the_mandate
from services.identity.mandates.usecases.records import ACCEPTED, REFUSED, record_change

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class AnswerTx(ChangesMandates, FindsPersons, Protocol):
    """The transaction of answering a proposal."""


@dataclass(frozen=True, slots=True)
class ByMandate:
    mandate_id: str


def accept_mandate(tx: AnswerTx, command: ByMandate, context: CallContext) -> views.MandateView:
    """From now on the acting person may act under it.

    Raises MandateNotFound, MandatePeriodInvalid, SubjectNotFound, SubjectNotActive, IllegalTransition.
    """
    mandate, person = _proposed_to_me(tx, command, context), acting_person(tx, context)
    the_active(tx, context, mandate.principal_id)
    accepted = mandate.accepted(person.subject_id)
    if mandate.is_due(tx.clock.now()):
        raise MandatePeriodInvalid
    return views.mandate(record_change(tx, mandate, accepted, ACCEPTED, context), context.locale)


def refuse_mandate(tx: AnswerTx, command: ByMandate, context: CallContext) -> views.MandateView:
    """Raises MandateNotFound, IllegalTransition."""
    mandate = _proposed_to_me(tx, command, context)
    refused = mandate.in_state(states.REFUSED)
    return views.mandate(record_change(tx, mandate, refused, REFUSED, context), context.locale)


def _proposed_to_me(tx: AnswerTx, command: ByMandate, context: CallContext) -> Mandate:
    """Raises MandateNotFound also for the principal, who cannot answer for the agent."""
    mandate = the_mandate(tx, command.mandate_id, context)
    mine = mandate.agent_id in (None, context.citizen) and mandate.agent_key == reader_key(tx, context)
    if not mine and mandate.agent_id != context.citizen:
        raise MandateNotFound
    return mandate
