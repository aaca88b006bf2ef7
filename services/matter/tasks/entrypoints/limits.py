"""Entrypoints about the procedure by law: acceptance, extension, and the clock; each calls one use case."""
from __future__ import annotations

from services.matter.cases import schemas as case_schemas
from services.matter.cases.usecases.case_progress import ChangeCaseTx
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.views import CaseSummaryView
from services.matter.common.callers import APPS
from services.matter.tasks.domain import errors
from services.matter.tasks.entrypoints.desk import AT_THE_DESK, ONE_TASK
from services.matter.tasks.entrypoints.steering import ONE_CASE
from services.matter.tasks.schemas import steering as schemas
from services.matter.tasks.usecases import decide_acceptance as deciding
from services.matter.tasks.usecases import steer_limits
from services.matter.tasks.usecases.steering import SteerTx
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

APPROVED: RuleArguments = {**AT_THE_DESK, "roles": ["approver", "manager"]}


class LimitEntrypoints:
    """Methods of officers about acceptance and limits."""

    @rpc_method(request=schemas.DecideAcceptance, reply=case_schemas.CaseSummary, callers=APPS, mutating=True,
                public=True, errors=[
                    *ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken, errors.OwnCase, errors.CaseNotReceived,
                    errors.ReasonMissing],
        **AT_THE_DESK, zh="受理申请，或不予受理（须说明理由）。")
    def decide_acceptance(self, tx: ChangeCaseTx, call: Call[deciding.DecideAcceptance]) -> CaseSummaryView:
        """Accept a received application, from which day its limits count, or decline it with a reason."""
        return deciding.decide_acceptance(tx, call.data, call.context)

    @rpc_method(request=schemas.ExtendCase, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotAccepted, errors.LimitsNotExtendable],
        **APPROVED, zh="批准延长办理期限（一次），并将理由告知申请人。")
    def extend_case(self, tx: SteerTx, call: Call[steer_limits.ExtendCase]) -> CaseSummaryView:
        """Approve an extension of the limits, once; the applicant is told the reason."""
        return steer_limits.extend_case(tx, call.data, call.context)

    @rpc_method(request=schemas.StopClock, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotAccepted, errors.ClockStopped],
        **AT_THE_DESK, zh="因听证、检验检测检疫或专家评审，停止计算办理期限，并告知申请人所需时间。")
    def stop_clock(self, tx: SteerTx, call: Call[steer_limits.StopClock]) -> CaseSummaryView:
        """Stop the limits for a hearing, an inspection or an expert review; the applicant is told how long it takes."""
        return steer_limits.stop_clock(tx, call.data, call.context)

    @rpc_method(request=case_schemas.CaseId, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotAccepted, errors.ClockNotStopped],
        **AT_THE_DESK, zh="恢复计算办理期限。")
    def restart_clock(self, tx: SteerTx, call: Call[OneCase]) -> CaseSummaryView:
        """Let the limits run on; the time that they stood does not count."""
        return steer_limits.restart_clock(tx, call.data, call.context)
