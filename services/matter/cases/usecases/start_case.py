"""Start cases, for many calls at a time."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.errors import ApplicantMismatch, ApplicantMissing
from services.matter.cases.usecases.open_cases import HasObjectKey, OpenCases, Place, free_slot, place_of
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.ports import HasLatestDefinitions
from services.matter.definitions.usecases.read_matters import latest_published
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.outcomes import attempt, only
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class NewCases(OpenCases, Protocol):
    def add(self, new: Sequence[tuple[CallContext, Case]]) -> list[Case | AppError]:
        """Add those that their calls may make; CaseNotCovered for each other."""
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call that may start a case, as far as the call alone tells."""

    definition: Definition
    place: Place
    form: dict[str, Any]


def start_cases(tx: StartCaseTx, calls: Sequence[Call[StartCase]]) -> list[CaseSummaryView | AppError]:
    """Begin a draft of the newest version for each call. The case belongs to the calling app.

    Errors of a call: ApplicantMissing, ApplicantMismatch, MatterNotFound, FormInvalid, DefinitionOutdated,
    CaseAlreadyOpen, CaseNotCovered.
    """
    outcomes: list[Any] = [attempt(_wanted, tx, call) for call in calls]
    wanted = {at: one for at, one in enumerate(outcomes) if not isinstance(one, AppError)}
    opened = tx.cases.open_at([(calls[at].context, one.place) for at, one in wanted.items()])
    for (at, one), there in zip(wanted.items(), opened, strict=True):
        outcomes[at] = attempt(_draft, tx, calls[at].context, one, there)
    drafts = {at: one for at, one in enumerate(outcomes) if not isinstance(one, AppError)}
    added = tx.cases.add([(calls[at].context, case) for at, case in drafts.items()])
    for at, case in zip(drafts, added, strict=True):
        outcomes[at] = case if isinstance(case, AppError) else _view(case)
    return outcomes


def start_case(tx: StartCaseTx, command: StartCase, context: CallContext) -> CaseSummaryView:
    """Begin one. Raises the errors of start_cases."""
    return only(start_cases(tx, [Call(command, context)]))


def _wanted(tx: StartCaseTx, call: Call[StartCase]) -> _Wanted:
    command, context = call
    applicant = _applicant(command, context)
    definition = latest_published(tx, context.tenant, command.matter_code).definition
    form = check_form(definition.form, command.form, complete=False)
    return _Wanted(
        definition, place_of(tx, definition, tenant=context.tenant, applicant=applicant, form=form), form)


def _draft(tx: HasClock, context: CallContext, wanted: _Wanted, opened: Any) -> Case:
    # Better told before the form is filled in than after; what counts is the submission.
    free_slot(wanted.definition, opened)
    definition, place = wanted.definition, wanted.place
    return Case(
        new_id("case"), place.tenant, definition.matter_code, definition.version, place.applicant, locale_of(context),
        tx.clock.now(), app=context.caller, form=wanted.form)


def _view(case: Case) -> CaseSummaryView:
    return case_summary(case, locale=case.locale, now=case.created_at)


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
