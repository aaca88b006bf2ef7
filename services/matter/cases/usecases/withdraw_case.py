"""Withdraw a case."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.matter.cases.domain import states
from services.matter.cases.domain.errors import CaseNotWithdrawable
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def withdraw_case(tx: ChangeCaseTx, command: OneCase, context: CallContext) -> CaseSummaryView:
    """Withdraw for the applicant, until a licence is being issued; what was paid is returned.

    Raises CaseNotFound, CaseNotWithdrawable.
    """
    case = tx.cases.lock(context, command.case_id)
    issuing = any(task.attempts and tx.engine.rules.of(task.kind).ends_withdrawal for task in case.tasks)
    if case.state not in (states.DRAFT, states.RUNNING) or issuing:
        state = "issuing" if issuing and case.state == states.RUNNING else case.state
        raise CaseNotWithdrawable(Bilingual(
            f"case {case.id} is {state!r}; only 'draft' and 'running' before the licence is issued can be withdrawn",
            f"办件 {case.id} 的状态为“{state}”；只有“draft”，以及尚未签发证照的“running”可以撤回"))
    progress = progress_of(tx, case)
    progress.withdraw()
    progress.settle()
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)
