"""Commands on a case: start, fill in, submit, withdraw, retry."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.matter.domain import states
from services.matter.domain.case import STEP, Case
from services.matter.domain.errors import (
    ApplicantMismatch,
    CaseNotEditable,
    CaseNotWithdrawable,
    MatterNotFound,
    StepNotRetryable,
    unknown_case,
)
from services.matter.domain.forms import check_form
from services.matter.domain.ports import MatterTransaction
from services.matter.domain.timeline import entry
from services.matter.usecases.engine import progress_of
from services.matter.usecases.events import save
from services.matter.usecases.open_cases import require_room, take_slot
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def start_case(
    tx: MatterTransaction, *, context: CallContext, matter_code: str, applicant: str,
    form: Mapping[str, Any], locale: str,
) -> Case:
    """A draft of the newest version. It belongs to the calling app."""
    tenant, acting = context.tenant, context.subject
    if acting is not None and acting != applicant:
        raise ApplicantMismatch("case is for another subject than the caller acts for; only one's own may be started")
    published = tx.definitions.latest(tenant, matter_code)
    if published is None:
        raise MatterNotFound(f"there is no matter {matter_code!r}; list_matters names those there are")
    definition = published.definition
    form = check_form(definition.form, form, complete=False)
    # Better told before the form is filled in than after; what counts is the submission.
    require_room(tx, definition, tenant=tenant, applicant=applicant, form=form)
    case = Case(
        new_id("case"), tenant, matter_code, definition.version, applicant, locale, tx.clock.now(),
        app=context.caller, form=form,
    )
    tx.cases.add(case)
    return case


def save_form(tx: MatterTransaction, *, context: CallContext, case_id: str, form: Mapping[str, Any]) -> Case:
    """Replace the draft's form; it may still be incomplete."""
    case = own_case(tx, context, case_id)
    _require_draft(case)
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    case.form = check_form(definition.form, form, complete=False)
    tx.cases.save(case)
    return case


def submit_case(
    tx: MatterTransaction, *, context: CallContext, case_id: str, return_url: str | None = None
) -> Case:
    """The form is complete from now on and frozen; the engine begins.

    return_url: where the applicant comes back to after paying. Raises ReturnUrlNotAllowed.
    """
    tx.engine.return_addresses.check(context.caller, return_url)
    case = own_case(tx, context, case_id)
    _require_draft(case)
    progress = progress_of(tx, case)
    check_form(progress.definition.form, case.form, complete=True)
    take_slot(tx, progress.definition, case)
    progress.submit()
    if return_url is not None:
        for task in case.by_role(STEP):
            if task.kind == "pay":
                task.settings = {**task.settings, "return_url": return_url}
    save(tx, progress)
    return case


def withdraw_case(tx: MatterTransaction, *, context: CallContext, case_id: str) -> Case:
    """Until a licence is being issued the applicant may withdraw; what was paid is returned."""
    case = own_case(tx, context, case_id)
    issuing = any(task.kind == "issue_licence" and task.attempts for task in case.tasks)
    if case.state not in (states.DRAFT, states.RUNNING) or issuing:
        state = "issuing" if issuing and case.state == states.RUNNING else case.state
        raise CaseNotWithdrawable(
            f"case {case.id} is {state!r}; only 'draft' and 'running' before the licence is issued can be withdrawn"
        )
    progress = progress_of(tx, case)
    progress.withdraw()
    progress.settle()
    save(tx, progress)
    return case


def retry_step(tx: MatterTransaction, *, tenant: str, case_id: str, step: str, reason: str) -> Case:
    """Ask for a stuck step again, with the same operation id. reason: for the record; no personal data."""
    case = tx.cases.lock(tenant, case_id)
    named = [task for task in case.tasks if task.name == step]
    task = named[0] if named else case.step(step)
    if task.state != states.STUCK:
        raise StepNotRetryable(f"step {step!r} of case {case.id} is {task.state!r}; only 'stuck' can be retried")
    progress = progress_of(tx, case)
    now = tx.clock.now()
    task.move(states.READY)
    task.due_at, task.error = now, None
    # Attempts begin anew, but never at 0: what was asked once may have had an effect.
    task.attempts = 1
    task.settings = {**task.settings, "retries": [*task.settings.get("retries", ()), _retry(now.isoformat(), reason)]}
    title = progress.definition.step(task.settings.get("of", step)).title if task.role != "notice" else None
    if title is not None:
        case.tell(entry(now, "step-retried", step=step, title=title))
    save(tx, progress)
    return case


def own_case(tx: MatterTransaction, context: CallContext, case_id: str) -> Case:
    """The case, locked. Raises CaseNotFound, ApplicantMismatch."""
    return require_own(tx.cases.lock(context.tenant, case_id), context)


def require_own(case: Case, context: CallContext) -> Case:
    """Another app's case looks as if it were not there. Raises CaseNotFound, ApplicantMismatch."""
    if not context.reaches(case.app):
        raise unknown_case(case.id)
    acting = context.subject
    if acting is not None and acting != case.applicant_subject:
        raise ApplicantMismatch(f"case {case.id} belongs to another subject; only the applicant may use it")
    return case


def _require_draft(case: Case) -> None:
    if case.state != states.DRAFT:
        raise CaseNotEditable(f"case {case.id} is {case.state!r}; only 'draft' can be changed or submitted")


def _retry(at: str, reason: str) -> dict[str, str]:
    return {"at": at, "reason": reason}
