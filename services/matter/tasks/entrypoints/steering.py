"""Entrypoints by which staff steer a case: each calls one use case, and leaves an evidence record."""
from __future__ import annotations

from services.matter.cases import schemas as case_schemas
from services.matter.cases.domain.errors import CaseNotFound, StepNotFound
from services.matter.cases.usecases.views import CaseSummaryView
from services.matter.common.callers import APPS
from services.matter.tasks.domain import errors
from services.matter.tasks.entrypoints.desk import AT_THE_DESK, ONE_TASK
from services.matter.tasks.schemas import steering as schemas
from services.matter.tasks.usecases import hand_on, steer_case, steer_step
from services.matter.tasks.usecases.steering import SteerTx
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

STEERED: RuleArguments = {**AT_THE_DESK, "basis": ["own", "platform"], "roles": ["manager"]}
ONE_CASE = (errors.OfficerNeeded, CaseNotFound, errors.OwnCase)


class SteeringEntrypoints:
    """Methods of managers and operators about a case's course."""

    @rpc_method(request=schemas.SteerCase, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotRunning],
        **STEERED, zh="暂停办件：各环节不再推进，直至恢复。")
    def pause_case(self, tx: SteerTx, call: Call[steer_case.SteerCase]) -> CaseSummaryView:
        """Hold a case: nothing comes due until it is resumed."""
        return steer_case.pause_case(tx, call.data, call.context)

    @rpc_method(request=schemas.SteerCase, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotPaused],
        **STEERED, zh="恢复已暂停的办件。")
    def resume_case(self, tx: SteerTx, call: Call[steer_case.SteerCase]) -> CaseSummaryView:
        """Let a paused case go on."""
        return steer_case.resume_case(tx, call.data, call.context)

    @rpc_method(request=schemas.EndCase, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, errors.CaseNotRunning],
        **STEERED, zh="终止办理，已完成的动作（如缴费）予以撤销。")
    def compensate_case(self, tx: SteerTx, call: Call[steer_case.SteerCase]) -> CaseSummaryView:
        """End a case and undo what was done, such as a payment."""
        return steer_case.compensate_case(tx, call.data, call.context)

    @rpc_method(request=schemas.SteerStep, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, StepNotFound, errors.StepNotRunnable],
        **STEERED, zh="立即执行正在等待的步骤。")
    def run_step_now(self, tx: SteerTx, call: Call[steer_step.SteerStep]) -> CaseSummaryView:
        """Ask again at once for a step that waits."""
        return steer_step.run_step_now(tx, call.data, call.context)

    @rpc_method(request=schemas.SteerStep, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_CASE, StepNotFound, errors.StepNotSkippable],
        **STEERED, zh="跳过尚未生效的步骤。")
    def skip_step(self, tx: SteerTx, call: Call[steer_step.SteerStep]) -> CaseSummaryView:
        """Skip a step that has certainly had no effect."""
        return steer_step.skip_step(tx, call.data, call.context)

    @rpc_method(request=schemas.EscalateCase, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken, errors.SameDesk],
        **AT_THE_DESK, zh="将环节提请其他岗位（如负责人）办理，不同于不予办理。")
    def escalate_case(self, tx: SteerTx, call: Call[hand_on.EscalateCase]) -> CaseSummaryView:
        """Put a step into the inbox of another role; the case is not decided by it."""
        return hand_on.escalate_case(tx, call.data, call.context)

    @rpc_method(request=schemas.DelegateTask, reply=case_schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*ONE_TASK, errors.TaskNotClaimed, errors.TaskTaken, errors.SameDesk],
        **AT_THE_DESK, zh="将已领取的环节转交同事办理。")
    def delegate_task(self, tx: SteerTx, call: Call[hand_on.DelegateTask]) -> CaseSummaryView:
        """Give a step that the officer has taken to a colleague."""
        return hand_on.delegate_task(tx, call.data, call.context)
