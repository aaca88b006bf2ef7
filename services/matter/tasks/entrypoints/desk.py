"""Entrypoints of officers' work: each calls one use case."""
from __future__ import annotations

from services.matter.cases import schemas as case_schemas
from services.matter.cases.domain.errors import CaseNotFound, StepNotFound
from services.matter.cases.usecases.case_progress import ChangeCaseTx
from services.matter.cases.usecases.views import CaseSummaryView
from services.matter.common.callers import APPS
from services.matter.definitions.domain.errors import DefinitionOutdated, FormInvalid
from services.matter.tasks.domain import errors
from services.matter.tasks.schemas import desk as schemas
from services.matter.tasks.usecases import answer_supplement as answering
from services.matter.tasks.usecases import claim_task as claiming
from services.matter.tasks.usecases import complete_task as completing
from services.matter.tasks.usecases import list_tasks as listing
from services.matter.tasks.usecases import request_supplement as asking
from services.matter.tasks.usecases.views import OfficerTaskDetailView, OfficerTaskView
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

AT_THE_DESK: RuleArguments = {
    "basis": ["own"], "resource": "case", "about": [], "roles": ["handler", "approver", "finance", "manager"],
    "level": 0, "as_subject": False, "discloses": False, "composable": False,
}
ONE_TASK = (errors.OfficerNeeded, CaseNotFound, StepNotFound, errors.TaskNotOpen, errors.DeskOfOthers)


APPLICANT: RuleArguments = {
    "basis": ["own", "platform"], "resource": "case", "about": ["applicant"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class TaskEntrypoints:
    """Methods of officers about steps of cases."""

    @rpc_method(request=schemas.ListTasks, reply=schemas.OfficerTasks, callers=APPS, public=True,
                errors=[errors.OfficerNeeded],
        **AT_THE_DESK, load_class=LISTS, zh="查询本部门、本岗位的待办环节，等待最久的在前。")
    def list_tasks(self, tx: listing.ListTasksTx, call: Call[listing.ListTasks]) -> PageView[OfficerTaskView]:
        """Steps that wait for the officer's roles, the one that waits longest first."""
        return listing.list_tasks(tx, call.data, call.context)

    @rpc_method(request=schemas.OneTask, reply=schemas.OfficerTaskDetail, callers=APPS, public=True,
                errors=[*ONE_TASK],
        **AT_THE_DESK, zh="查看待办环节的申请内容及待复核的意见。")
    def get_task(self, tx: ChangeCaseTx, call: Call[claiming.OneTask]) -> OfficerTaskDetailView:
        """Show a waiting step with what the officer may see of the application."""
        return claiming.get_task(tx, call.data, call.context)

    @rpc_method(request=schemas.OneTask, reply=schemas.OfficerTaskDetail, callers=APPS, mutating=True, public=True,
                secret_reply=True, errors=[*ONE_TASK, errors.TaskTaken, errors.SameOfficer, errors.OwnCase],
        **AT_THE_DESK, zh="领取待办环节，此后由本人办理。")
    def claim_task(self, tx: ChangeCaseTx, call: Call[claiming.OneTask]) -> OfficerTaskDetailView:
        """Take a step; nobody else can decide on it until it is released."""
        return claiming.claim_task(tx, call.data, call.context)

    @rpc_method(request=schemas.OneTask, reply=schemas.OfficerTaskDetail, callers=APPS, mutating=True, public=True,
                secret_reply=True, errors=[*ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken],
        **AT_THE_DESK, zh="将已领取的环节退回待办。")
    def release_task(self, tx: ChangeCaseTx, call: Call[claiming.OneTask]) -> OfficerTaskDetailView:
        """Put a step back into the inbox."""
        return claiming.release_task(tx, call.data, call.context)

    @rpc_method(request=schemas.CompleteTask, reply=case_schemas.CaseSummary, callers=APPS, mutating=True,
                public=True, errors=[
                    *ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken, errors.SameOfficer, errors.OwnCase,
                    errors.ReasonMissing,
                    FormInvalid, DefinitionOutdated],
        **AT_THE_DESK, zh="对环节作出决定：通过或不予通过（须说明理由）；须复核的由另一名工作人员复核后生效。")
    def complete_task(self, tx: ChangeCaseTx, call: Call[completing.CompleteTask]) -> CaseSummaryView:
        """Decide on a step: approve it, or refuse it with a reason; some decisions need another officer's agreement."""
        return completing.complete_task(tx, call.data, call.context)

    @rpc_method(request=schemas.RequestSupplement, reply=case_schemas.CaseSummary, callers=APPS, mutating=True,
                public=True, errors=[
                    *ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken, errors.SupplementAlreadyAsked,
                    errors.SupplementTooLate, errors.SupplementFieldUnknown],
        **AT_THE_DESK, zh="一次性告知申请人须补正的全部内容；补正期间办理期限中止。")
    def request_supplement(self, tx: ChangeCaseTx, call: Call[asking.RequestSupplement]) -> CaseSummaryView:
        """Tell the applicant once all that is missing; the limits of the case stand still until the answer."""
        return asking.request_supplement(tx, call.data, call.context)

    @rpc_method(request=schemas.AnswerSupplement, reply=case_schemas.CaseSummary, callers=APPS, mutating=True,
                public=True, errors=[
                    CaseNotFound, errors.SupplementNotAwaited, errors.StepUnderWay, FormInvalid, DefinitionOutdated],
        **APPLICANT, zh="申请人提交补正内容，办件由原工作人员继续办理。")
    def answer_supplement(self, tx: ChangeCaseTx, call: Call[answering.AnswerSupplement]) -> CaseSummaryView:
        """Submit what was missing: the officer who asked goes on, and the limits begin anew."""
        return answering.answer_supplement(tx, call.data, call.context)
