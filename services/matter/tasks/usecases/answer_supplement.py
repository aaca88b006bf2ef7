"""The applicant's answer to a supplement: the named fields are changed, and the officer's step goes on."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from services.matter.cases.domain import course, states
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.supplement import Supplement, changed_form, not_asked, restart_clocks
from services.matter.cases.domain.timeline import entry
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.forms import check_form
from services.matter.kinds.task.lines import SUPPLEMENT_ANSWERED
from services.matter.tasks.domain.errors import StepUnderWay, SupplementNotAwaited
from shared_components.kernel.bilingual import Bilingual, listed_zh

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class AnswerSupplement:
    """form: new values of the fields that were asked for."""

    case_id: str
    form: Mapping[str, Any] = field(default_factory=dict, repr=False)


def answer_supplement(tx: ChangeCaseTx, command: AnswerSupplement, context: CallContext) -> CaseSummaryView:
    """Submit what was missing; the limits begin anew.

    Raises CaseNotFound, SupplementNotAwaited, StepUnderWay, FormInvalid, DefinitionOutdated.
    """
    case = tx.cases.lock(context, command.case_id)
    supplement = _awaited(case)
    progress = progress_of(tx, case)
    _require_asked(supplement, command.form)
    _require_quiet(progress)
    case.form = check_form(progress.definition.form, changed_form(case, supplement, command.form), complete=True)
    replace(supplement, answered_at=progress.now.isoformat()).keep(case)
    task = case.step(supplement.step)
    task.desk, task.claimed_by = supplement.desk, supplement.claimed_by
    restart_clocks(progress)
    title = progress.definition.step(task.name).title
    case.tell(entry(progress.now, SUPPLEMENT_ANSWERED, step=task.name, title=title))
    progress.events.append("supplement-answered")
    # Whoever has supplied all that was asked for is accepted: 行政许可法 article 32 (5).
    course.accept(progress)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _awaited(case: Case) -> Supplement:
    supplement = Supplement.of(case)
    if supplement is None or not supplement.is_awaited or case.state != states.RUNNING:
        raise SupplementNotAwaited(Bilingual(
            f"case {case.id} is {case.state!r} and awaits no supplement; only an awaited one is answered",
            f"办件 {case.id}（{case.state}）当前没有待补正事项；只有待补正时可以提交补正"))
    return supplement


def _require_asked(supplement: Supplement, given: Mapping[str, Any]) -> None:
    more = not_asked(supplement, given)
    if more:
        allowed = ", ".join(supplement.fields) or "none"
        raise FormInvalid(Bilingual(
            f"form changes {len(more)} field(s) that were not asked for; allowed: {allowed}",
            f"form 修改了 {len(more)} 个未要求补正的字段；可修改的字段：{listed_zh(supplement.fields) or '无'}"))


def _require_quiet(progress: Progress) -> None:
    """A call that may be repeated must say the same: the form is not changed under it."""
    busy = [
        task.name for task in progress.case.tasks
        if task.attempts and task.state in (states.READY, states.RUNNING, states.STUCK)
        and progress.rules.of(task.kind).leaves_effect]
    if busy:
        raise StepUnderWay(Bilingual(
            f"step {busy[0]!r} of case {progress.case.id} is under way; answer again when it has ended",
            f"办件 {progress.case.id} 的步骤“{busy[0]}”正在办理；请待其结束后再提交补正"))
