"""Submit drafts, for many calls at a time."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.matter.cases.domain.case import STEP, Case
from services.matter.cases.domain.errors import MaterialsMissing
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.values import filled
from services.matter.cases.usecases.case_progress import ProgressTx, SavedCases, progress_of, save_all
from services.matter.cases.usecases.drafts import require_draft
from services.matter.cases.usecases.open_cases import HasObjectKey, OpenCase, OpenCases, Place, free_slot, place_of
from services.matter.cases.usecases.saving import SavingTx
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt, only

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SubmittedCases(OpenCases, SavedCases, Protocol):
    """Cases that can be locked, and counted while they are open."""

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        """Lock each call's case, or tell CaseNotFound, also for a case that the call may not see.

        Calls that name one case get the same object.
        """
        ...


class GivenMaterials(Protocol):
    def given_names(self, case_id: str) -> Collection[str]:
        """Names of the materials of which a file was given for the case."""
        ...


class SubmitCaseTx(SavingTx, HasObjectKey, ProgressTx, Protocol):
    """The part of a transaction that submitting a case uses."""

    @property
    def cases(self) -> SubmittedCases: ...

    @property
    def materials(self) -> GivenMaterials: ...


@dataclass(frozen=True, slots=True)
class SubmitCase:
    """return_url: the page that the applicant comes back to after paying."""

    case_id: str
    return_url: str | None = None


def submit_cases(tx: SubmitCaseTx, calls: Sequence[Call[SubmitCase]]) -> list[CaseSummaryView | AppError]:
    """Freeze each form, which must be complete, and begin.

    Errors of a call: ReturnUrlNotAllowed, CaseNotFound, CaseNotEditable, FormInvalid, DefinitionOutdated,
    MaterialsMissing, CaseAlreadyOpen.
    """
    locked = tx.cases.lock_each([(call.context, call.data.case_id) for call in calls])
    outcomes: list[Any] = [
        case if isinstance(case, AppError) else attempt(_complete, tx, call, case)
        for call, case in zip(calls, locked, strict=True)]
    complete = {at: one for at, one in enumerate(outcomes) if not isinstance(one, AppError)}
    opened = tx.cases.open_at([(calls[at].context, place) for at, (_, place) in complete.items()])
    taken: dict[Place, list[OpenCase]] = {}
    for (at, (progress, place)), there in zip(complete.items(), opened, strict=True):
        outcomes[at] = attempt(_submit, tx, calls[at], progress, place, [*taken.get(place, ()), *there])
        if not isinstance(outcomes[at], AppError):
            case = progress.case
            taken.setdefault(place, []).insert(0, OpenCase(case.id, case.open_slot or 0))
    submitted = [one for one in outcomes if not isinstance(one, AppError)]
    save_all(tx, submitted, {one.case.id: call.context.traceparent for call, one in zip(calls, outcomes, strict=True)
                             if not isinstance(one, AppError)})
    return [one if isinstance(one, AppError) else case_summary(one.case, locale=locale_of(call.context), now=one.now)
            for call, one in zip(calls, outcomes, strict=True)]


def submit_case(tx: SubmitCaseTx, command: SubmitCase, context: CallContext) -> CaseSummaryView:
    """Submit one. Raises the errors of submit_cases."""
    return only(submit_cases(tx, [Call(command, context)]))


def _complete(tx: SubmitCaseTx, call: Call[SubmitCase], case: Case) -> tuple[Progress, Place]:
    """Check what one case alone tells."""
    tx.engine.return_addresses.check(call.context.caller, call.data.return_url)
    require_draft(case)
    progress = progress_of(tx, case)
    check_form(progress.definition.form, case.form, complete=True)
    _require_materials(tx, progress)
    return progress, place_of(
        tx, progress.definition, tenant=case.tenant, applicant=case.applicant_subject, form=case.form)


def _submit(
    tx: SubmitCaseTx, call: Call[SubmitCase], progress: Progress, place: Place, opened: Sequence[OpenCase],
) -> Progress:
    case = progress.case
    require_draft(case)  # another call of the group may have submitted it
    case.object_key, case.open_slot = place.object_key, free_slot(progress.definition, opened)
    progress.submit()
    if call.data.return_url is not None:
        for task in case.by_role(STEP):
            if tx.engine.rules.of(task.kind).takes_return_url:
                task.settings = {**task.settings, "return_url": call.data.return_url}
    return progress


def _require_materials(tx: SubmitCaseTx, progress: Progress) -> None:
    """Raises MaterialsMissing."""
    definition, form = progress.definition, progress.case.form
    if not definition.materials:
        return
    values = {"form": filled(definition.form["properties"], form)}
    given = tx.materials.given_names(progress.case.id)
    missing = [rule for rule in definition.materials if rule.name not in given and rule.is_needed(values)]
    if missing:
        raise MaterialsMissing(Bilingual(
            f"case {progress.case.id} lacks material(s) {', '.join(rule.name for rule in missing)}; "
            "request_upload takes them",
            f"办件 {progress.case.id} 缺少材料：{listed_zh([rule.zh for rule in missing])}；请用 request_upload 上传"),
            details={"materials": [rule.name for rule in missing]})
