"""Start a case."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.errors import ApplicantMismatch, ApplicantMissing
from services.matter.cases.usecases.open_cases import HasObjectKey, OpenCases, require_room
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.ports import HasLatestDefinitions
from services.matter.definitions.usecases.read_matters import latest_published
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class NewCases(OpenCases, Protocol):
    def add(self, context: CallContext, case: Case) -> None:
        """Raises CaseNotCovered for a case that the call may not make."""
        ...


class StartCaseTx(HasClock, HasLatestDefinitions, HasObjectKey, Protocol):
    """The part of a transaction that starting a case uses."""

    @property
    def cases(self) -> NewCases: ...


@dataclass(frozen=True, slots=True)
class StartCase:
    """applicant_subject: None is the acting citizen."""

    matter_code: str
    applicant_subject: str | None = None
    form: Mapping[str, Any] = field(default_factory=dict, repr=False)


def start_case(tx: StartCaseTx, command: StartCase, context: CallContext) -> CaseSummaryView:
    """Begin a draft of the newest version. The case belongs to the calling app.

    Raises ApplicantMissing, ApplicantMismatch, MatterNotFound, FormInvalid, DefinitionOutdated, CaseAlreadyOpen,
    CaseNotCovered.
    """
    tenant, applicant = context.tenant, _applicant(command, context)
    definition = latest_published(tx, tenant, command.matter_code).definition
    form = check_form(definition.form, command.form, complete=False)
    # Better told before the form is filled in than after; what counts is the submission.
    require_room(tx, context, definition, tenant=tenant, applicant=applicant, form=form)
    now, locale = tx.clock.now(), locale_of(context)
    case = Case(
        new_id("case"), tenant, command.matter_code, definition.version, applicant, locale, now,
        app=context.caller, form=form,
    )
    tx.cases.add(context, case)
    return case_summary(case, locale=locale, now=now)


def _applicant(command: StartCase, context: CallContext) -> str:
    """The acting citizen, or else whom the app names. Raises ApplicantMissing, ApplicantMismatch."""
    citizen, named = context.citizen, command.applicant_subject
    if citizen is not None and named not in (None, citizen):
        raise ApplicantMismatch(Bilingual(
            "case is for another subject than the caller acts for; only one's own may be started",
            "申请主体与当前办事主体不一致；只能为本人申请"))
    applicant = citizen or named
    if applicant is None:
        raise ApplicantMissing(Bilingual(
            "no citizen acts, and the case has no 'applicant_subject'; one of the two is needed",
            "当前没有个人（法人）会话，也未填写申请主体 applicant_subject；二者须有其一"))
    return applicant
