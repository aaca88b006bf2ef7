"""Submit a draft."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import STEP
from services.matter.cases.domain.ports import LockedCases
from services.matter.cases.usecases.at_once import AtOnceTx
from services.matter.cases.usecases.case_progress import ProgressTx, progress_of, save
from services.matter.cases.usecases.drafts import require_draft
from services.matter.cases.usecases.open_cases import HasObjectKey, OpenCases, take_slot
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SubmittedCases(LockedCases, OpenCases, Protocol):
    """Cases that can be locked, and counted while they are open."""


class SubmitCaseTx(AtOnceTx, HasEvents, HasObjectKey, ProgressTx, Protocol):
    """The part of a transaction that submitting a case uses."""

    @property
    def cases(self) -> SubmittedCases: ...


@dataclass(frozen=True, slots=True)
class SubmitCase:
    """return_url: the page that the applicant comes back to after paying."""

    case_id: str
    return_url: str | None = None


def submit_case(tx: SubmitCaseTx, command: SubmitCase, context: CallContext) -> CaseSummaryView:
    """Freeze the form, which must be complete, and begin.

    Raises ReturnUrlNotAllowed, CaseNotFound, CaseNotEditable, FormInvalid, DefinitionOutdated,
    CaseAlreadyOpen.
    """
    tx.engine.return_addresses.check(context.caller, command.return_url)
    case = tx.cases.lock(context, command.case_id)
    require_draft(case)
    progress = progress_of(tx, case)
    check_form(progress.definition.form, case.form, complete=True)
    take_slot(tx, context, progress.definition, case)
    progress.submit()
    if command.return_url is not None:
        for task in case.by_role(STEP):
            if tx.engine.rules.of(task.kind).takes_return_url:
                task.settings = {**task.settings, "return_url": command.return_url}
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)
