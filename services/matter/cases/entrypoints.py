"""Entrypoints of cases: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.matter.cases import schemas
from services.matter.cases.adapters.asking import engine_of
from services.matter.cases.domain import errors
from services.matter.cases.usecases import (
    engine,
    own_case,
    read_cases,
    views,
)
from services.matter.cases.usecases import retry_step as retrying
from services.matter.cases.usecases import save_form as saving
from services.matter.cases.usecases import start_case as starting
from services.matter.cases.usecases import submit_case as submitting
from services.matter.cases.usecases import withdraw_case as withdrawing
from services.matter.cases.usecases.case_progress import ChangeCaseTx
from services.matter.common.callers import APPS
from services.matter.definitions.domain.errors import DefinitionOutdated, FormInvalid, MatterNotFound
from shared_components.bus import Transactions, on_event, rpc_method
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS, VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView
from shared_components.kernel.return_addresses import ReturnUrlNotAllowed

FORM = (FormInvalid, DefinitionOutdated)
OWN_CASE: RuleArguments = {
    "basis": ["own", "platform"], "resource": "case", "about": ["applicant"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
READ_CASE: RuleArguments = {
    **OWN_CASE, "basis": ["own", "holder", "platform"], "roles": ["handler", "approver", "auditor"], "discloses": True}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "matter", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class CaseEntrypoints:
    """Methods about cases."""

    @rpc_method(request=schemas.StartCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                bulk=True, errors=[MatterNotFound, *FORM, errors.ApplicantMissing, errors.ApplicantMismatch,
                        errors.CaseNotCovered, errors.CaseAlreadyOpen],
        **OWN_CASE, load_class=VITAL, zh="发起办件（草稿），此后始终按当时的事项版本办理。")
    def start_case(
        self, tx: starting.StartCaseTx, calls: Sequence[Call[starting.StartCase]],
    ) -> Sequence[views.CaseSummaryView | AppError]:
        """Begin a draft, which runs the definition's newest version for as long as it lives."""
        return starting.start_cases(tx, calls)

    @rpc_method(request=schemas.SaveForm, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.CaseNotFound, errors.CaseNotEditable, *FORM],
        **OWN_CASE, load_class=VITAL, zh="替换草稿的申请表。")
    def save_form(self, tx: saving.SaveFormTx, call: Call[saving.SaveForm]) -> views.CaseSummaryView:
        """Replace the form of a draft."""
        return saving.save_form(tx, call.data, call.context)

    @rpc_method(request=schemas.SubmitCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                bulk=True, errors=[errors.CaseNotFound, errors.CaseNotEditable, *FORM, errors.MaterialsMissing,
                        errors.CaseAlreadyOpen, ReturnUrlNotAllowed],
        **OWN_CASE, load_class=VITAL, zh="提交草稿：校验并锁定申请表，随即开始办理。")
    def submit_case(
        self, tx: submitting.SubmitCaseTx, calls: Sequence[Call[submitting.SubmitCase]],
    ) -> Sequence[views.CaseSummaryView | AppError]:
        """Submit a draft: its form is checked and frozen, and its first steps begin at once."""
        return submitting.submit_cases(tx, calls)

    @rpc_method(request=schemas.CaseId, reply=schemas.Case, callers=APPS, public=True, bulk=True,
                errors=[errors.CaseNotFound],
        **READ_CASE, load_class=VITAL, zh="查询办件：步骤、已撤销的动作、已发通知及办理进度。")
    def get_case(
        self, tx: read_cases.ReadCasesTx, calls: Sequence[Call[own_case.OneCase]],
    ) -> Sequence[views.CaseView | AppError]:
        """A case with its steps, what was undone, what was told, and the applicant's timeline."""
        return read_cases.get_cases(tx, calls)

    @rpc_method(request=schemas.ListCases, reply=schemas.Cases, callers=APPS, public=True, bulk=True,
        **READ_CASE, load_class=LISTS, zh="查询办件，最新的在前；可只看需要人工处理的。")
    def list_cases(
        self, tx: read_cases.ReadCasesTx, calls: Sequence[Call[read_cases.ListCases]],
    ) -> Sequence[PageView[views.CaseSummaryView] | AppError]:
        """Cases, newest first, a page at a time; stuck: only those that people must look at."""
        return read_cases.list_cases(tx, calls)

    @rpc_method(request=schemas.CaseId, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.CaseNotFound, errors.CaseNotWithdrawable],
        **OWN_CASE, zh="在制证前撤回申请，已缴费用退回。")
    def withdraw_case(self, tx: ChangeCaseTx, call: Call[own_case.OneCase]) -> views.CaseSummaryView:
        """Withdraw an application before its licence is issued; what was paid is returned."""
        return withdrawing.withdraw_case(tx, call.data, call.context)

    @rpc_method(request=schemas.RetryStep, reply=schemas.CaseSummary, callers=["operator"], mutating=True,
                errors=[errors.CaseNotFound, errors.StepNotFound, errors.StepNotRetryable],
        **ADMINISTERED, zh="重试受阻的步骤，沿用原操作编号。")
    def retry_step(self, tx: ChangeCaseTx, call: Call[retrying.RetryStep]) -> views.CaseSummaryView:
        """Ask again for a step that is stuck, with the operation id it had."""
        return retrying.retry_step(tx, call.data, call.context)

    @on_event("matter", "step-due", own_transactions=True, bulk=True)
    def run_step(self, transactions: Transactions, events: list[Event]) -> None:
        """Do a step as soon as it is due."""
        due = [
            engine.DueTask(event.data["step_id"], event.data["case_id"], event.tenant, event.traceparent)
            for event in events]
        engine.run_tasks(engine_of(transactions), due)
