"""Submit a request about the own information. What needs no decision is done in the same call."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.identity.directory.domain.realm import SANDBOX
from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import CorrectionInvalid, PersonalRequestOpen
from services.identity.privacy.domain.request import CORRECTABLE, PersonalRequest
from services.identity.privacy.usecases import views
from services.identity.privacy.usecases.effects import carry_out
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from services.identity.privacy.usecases.records import record
from services.identity.subjects.domain.errors import NameInvalid, SubjectNotFound
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SYSTEM = "identity"


@dataclass(frozen=True, slots=True)
class SubmitPersonalRequest:
    """corrections: for a correction, field → new value; None removes a contact."""

    kind: str
    explanation: str | None = field(default=None, repr=False)
    corrections: Mapping[str, str | None] = field(default_factory=dict, repr=False)


def submit_personal_request(
    tx: PrivacyTx, command: SubmitPersonalRequest, context: CallContext,
) -> views.PersonalRequestView:
    """Raises SubjectNotFound, PersonalRequestOpen, CorrectionInvalid, NameInvalid."""
    subject, now = _person(tx, context), tx.clock.now()
    if tx.personal_requests.has_open(subject.subject_id, command.kind):
        raise PersonalRequestOpen
    population = tx.populations.of([context.tenant])[context.tenant]
    request = PersonalRequest(
        request_id=new_id("pir"), population=population, keeper=_keeper(tx, context, population),
        subject_id=subject.subject_id, kind=command.kind, submitted_at=now, due_at=tx.personal_term.due_at(now),
        explanation=command.explanation, corrections=_corrections(command))
    tx.personal_requests.add(request)
    record(tx, request, context)
    if request.kind in states.AT_ONCE:
        request = finish(tx, request, states.DONE, context, by=SYSTEM, reason=None)
    return views.request(request, now, context.locale)


def finish(
    tx: PrivacyTx, request: PersonalRequest, state: str, context: CallContext, *, by: str, reason: str | None,
) -> PersonalRequest:
    """Decide on a request, and do what was asked for if it is granted. Raises IllegalTransition, ReasonMissing."""
    decided = request.decided(state, at=tx.clock.now(), by=by, reason=reason)
    tx.personal_requests.save(decided)
    record(tx, decided, context)
    if state == states.DONE:
        carry_out(tx, decided, context)
    return decided


def _person(tx: PrivacyTx, context: CallContext) -> Subject:
    """The person whose session it is. A frozen account keeps its rights; a closed one has no session."""
    found = tx.subjects.lock(context.tenant, context.citizen or "")
    if found is None:
        raise SubjectNotFound
    return found


def _keeper(tx: PrivacyTx, context: CallContext, population: str) -> str:
    """Tenant of the department that owns the realm's population; the population itself where there is no realm."""
    entry = tx.realms.entry(context.tenant)
    realm = None if entry is None else tx.realms.get(entry.realm_id)
    if entry is None or realm is None or realm.department_id is None:
        return population
    owner = tx.departments.get(realm.realm_id, realm.department_id)
    if owner is None:
        return population
    return owner.sandbox_tenant if entry.environment == SANDBOX else owner.tenant


def _corrections(command: SubmitPersonalRequest) -> Mapping[str, str | None]:
    given = dict(command.corrections)
    if (command.kind == states.CORRECT) is not bool(given):
        raise CorrectionInvalid(Bilingual(
            f"kind is '{command.kind}' with {len(given)} corrections; a correction needs one or more, others none",
            f"请求类别为“{command.kind}”，更正项为 {len(given)} 个；仅更正请求须填写更正项"))
    unknown = sorted(set(given) - set(CORRECTABLE))
    if unknown or ("name" in given and not given["name"]):
        raise CorrectionInvalid(Bilingual(
            f"corrections are of {sorted(given)}; {list(CORRECTABLE)} are allowed, and a name is not empty",
            f"更正项为{listed_zh(sorted(given))}；只允许{listed_zh(CORRECTABLE)}，且姓名不得为空"))
    if given.get("name"):
        given["name"] = clean_name(str(given["name"]), error=NameInvalid)
    return given
