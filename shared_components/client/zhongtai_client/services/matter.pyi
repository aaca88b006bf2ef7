"""Methods of service `matter`. Written by `zhongtai clients python`; do not edit."""
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from zhongtai_client.types import matter as types


class Matter:
    """Carries a citizen's case through the other components, step by step. 按事项定义逐步办理群众和企业的申请，串联其他组件。"""

    def answer_rating(
        self, *,
        rating_id: str,
        text: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AnswerRatingReply:
        """Answer a bad rating: what was done about it. 填写差评的处理情况。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    def answer_supplement(
        self, *,
        case_id: str,
        form: Mapping[str, Any] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AnswerSupplementReply:
        """Submit what was missing: the officer who asked goes on, and the limits begin anew. 申请人提交补正内容，办件由原工作人员继续办理。

        Raises matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid, matter.StepUnderWay, matter.SupplementNotAwaited."""

    def appeal_rating(
        self, *,
        rating_id: str,
        text: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AppealRatingReply:
        """Ask a manager to set a bad rating aside. 对差评提出申诉，由负责人裁定。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    def choose_channel(
        self, *,
        case_id: str,
        channel: str,
        step: str,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChooseChannelReply:
        """Choose through which channel a step is paid, and get the address of the page. 选择缴费步骤的支付渠道，返回支付页面地址。

        Raises kernel.ReturnUrlNotAllowed, matter.CaseNotFound, matter.ChannelNotAllowed, matter.PaymentNotStarted, matter.StepNotFound, matter.StepNotPayable."""

    def claim_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ClaimTaskReply:
        """Take a step; nobody else can decide on it until it is released. 领取待办环节，此后由本人办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.OwnCase, matter.SameOfficer, matter.StepNotFound, matter.TaskNotOpen, matter.TaskTaken."""

    def compensate_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CompensateCaseReply:
        """End a case and undo what was done, such as a payment. 终止办理，已完成的动作（如缴费）予以撤销。

        Raises matter.CaseNotFound, matter.CaseNotRunning, matter.OfficerNeeded, matter.OwnCase."""

    def complete_task(
        self, *,
        case_id: str,
        decision: Literal["approve", "refuse"],
        step: str,
        form: Mapping[str, Any] = ...,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CompleteTaskReply:
        """Decide on a step: approve it, or refuse it with a reason; some decisions need another officer's agreement. 对环节作出决定：通过或不予通过（须说明理由）；须复核的由另一名工作人员复核后生效。

        Raises matter.CaseNotFound, matter.DefinitionOutdated, matter.DeskOfOthers, matter.FormInvalid, matter.OfficerNeeded, matter.OwnCase, matter.ReasonMissing, matter.SameOfficer, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def decide_acceptance(
        self, *,
        case_id: str,
        decision: Literal["accept", "decline"],
        step: str,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecideAcceptanceReply:
        """Accept a received application, from which day its limits count, or decline it with a reason. 受理申请，或不予受理（须说明理由）。

        Raises matter.CaseNotFound, matter.CaseNotReceived, matter.DeskOfOthers, matter.OfficerNeeded, matter.OwnCase, matter.ReasonMissing, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def decide_appeal(
        self, *,
        rating_id: str,
        text: str,
        upheld: bool,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecideAppealReply:
        """Set a rating aside, or dismiss the appeal and answer it. 负责人裁定申诉：成立则评价不再计入，不成立则填写处理情况。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    def delegate_task(
        self, *,
        case_id: str,
        officer: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DelegateTaskReply:
        """Give a step that the officer has taken to a colleague. 将已领取的环节转交同事办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.SameDesk, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def escalate_case(
        self, *,
        case_id: str,
        reason: str,
        role: Literal["handler", "approver", "finance", "manager"],
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EscalateCaseReply:
        """Put a step into the inbox of another role; the case is not decided by it. 将环节提请其他岗位（如负责人）办理，不同于不予办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.SameDesk, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def extend_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ExtendCaseReply:
        """Approve an extension of the limits, once; the applicant is told the reason. 批准延长办理期限（一次），并将理由告知申请人。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.LimitsNotExtendable, matter.OfficerNeeded, matter.OwnCase."""

    def get_case(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetCaseReply:
        """A case with its steps, what was undone, what was told, and the applicant's timeline. 查询办件：步骤、已撤销的动作、已发通知及办理进度。

        Raises matter.CaseNotFound."""

    def get_guide(
        self, *,
        matter_code: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetGuideReply:
        """Give a matter's guide (办事指南): who may apply, what is needed, the form, the steps. 查询办事指南：谁可申请、需要什么、申请表及办理步骤。

        Raises matter.MatterNotFound."""

    def get_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetTaskReply:
        """Show a waiting step with what the officer may see of the application. 查看待办环节的申请内容及待复核的意见。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.TaskNotOpen."""

    def list_cases(
        self, *,
        after: str | None = ...,
        applicant_subject: str | None = ...,
        limit: int = ...,
        matter_code: str | None = ...,
        state: Literal["draft", "running", "compensating", "withdrawn", "completed", "refused", "terminated", None] = ...,
        stuck: bool | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListCasesReply:
        """Cases, newest first, a page at a time; stuck: only those that people must look at. 查询办件，最新的在前；可只看需要人工处理的。

        Raises platform.PageCursorInvalid."""

    def list_documents(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDocumentsReply:
        """List the documents that the department has issued in a case. 查询办件已出具的文书。

        Raises matter.CaseNotFound."""

    def list_materials(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMaterialsReply:
        """List the files of a case. 查询办件的材料文件。

        Raises matter.CaseNotFound."""

    def list_matters(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMattersReply:
        """The newest version of every matter. 查询各事项的最新版本。

        Raises platform.PageCursorInvalid."""

    def list_ratings(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["to-answer", "appealed", "answered", "rated", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListRatingsReply:
        """List ratings of the officer's department, oldest first. 查询本部门的评价，最早的在前；可只看待处理的差评。

        Raises matter.OfficerNeeded, platform.PageCursorInvalid."""

    def list_tasks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        matter_code: str | None = ...,
        whose: Literal["all", "mine", "unclaimed"] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTasksReply:
        """Steps that wait for the officer's roles, the one that waits longest first. 查询本部门、本岗位的待办环节，等待最久的在前。

        Raises matter.OfficerNeeded, platform.PageCursorInvalid."""

    def pause_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PauseCaseReply:
        """Hold a case: nothing comes due until it is resumed. 暂停办件：各环节不再推进，直至恢复。

        Raises matter.CaseNotFound, matter.CaseNotRunning, matter.OfficerNeeded, matter.OwnCase."""

    def publish_definition(
        self, *,
        definition_yaml: str,
        allow_missing: bool = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PublishDefinitionReply:
        """Publish a matter, or a new version of one; every mistake, and all that is unknown, is told with its line. 发布事项或其新版本；定义有误或引用的内容不存在时，逐条给出行号。

        Raises matter.DefinitionInvalid."""

    def rate_case(
        self, *,
        case_id: str,
        level: int,
        comment: str | None = ...,
        scores: Mapping[str, int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RateCaseReply:
        """Rate a case once it is decided; a bad rating waits for the department's answer. 好差评：办结后由申请人评价一次；差评须限期处理。

        Raises matter.CaseAlreadyRated, matter.CaseNotFound, matter.CaseNotRatable."""

    def release_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ReleaseTaskReply:
        """Put a step back into the inbox. 将已领取的环节退回待办。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def remove_material(
        self, *,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveMaterialReply:
        """Remove a file of a draft, or while a supplement is awaited. 删除草稿或待补正办件的材料文件。

        Raises matter.MaterialNotFound, matter.MaterialsNotChangeable."""

    def request_document(
        self, *,
        document_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestDocumentReply:
        """Ask for a path to download a document as PDF, good once and for two minutes. 申请下载文书（PDF），返回一次性下载路径，两分钟内有效。

        Raises matter.DocumentNotFound."""

    def request_download(
        self, *,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestDownloadReply:
        """Ask for a path to download a file, good once and for two minutes. 申请下载材料文件，返回一次性下载路径，两分钟内有效。

        Raises matter.MaterialNotFound."""

    def request_supplement(
        self, *,
        case_id: str,
        items: Sequence[str],
        step: str,
        fields: Sequence[str] = ...,
        working_days: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestSupplementReply:
        """Tell the applicant once all that is missing; the limits of the case stand still until the answer. 一次性告知申请人须补正的全部内容；补正期间办理期限中止。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.SupplementAlreadyAsked, matter.SupplementFieldUnknown, matter.SupplementTooLate, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    def request_upload(
        self, *,
        case_id: str,
        material: str,
        media_type: Literal["application/pdf", "image/jpeg", "image/png", "application/ofd"],
        size: int,
        file_name: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestUploadReply:
        """Ask for a path to upload a file of a case by stream, good once and for ten minutes. 申请上传办件材料，返回一次性上传路径，十分钟内有效。

        Raises matter.CaseNotFound, matter.MaterialTypeRefused, matter.MaterialUnknown, matter.MaterialsNotChangeable, matter.MaterialsTooMany."""

    def restart_clock(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RestartClockReply:
        """Let the limits run on; the time that they stood does not count. 恢复计算办理期限。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.ClockNotStopped, matter.OfficerNeeded, matter.OwnCase."""

    def resume_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResumeCaseReply:
        """Let a paused case go on. 恢复已暂停的办件。

        Raises matter.CaseNotFound, matter.CaseNotPaused, matter.OfficerNeeded, matter.OwnCase."""

    def reuse_material(
        self, *,
        case_id: str,
        material: str,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ReuseMaterialReply:
        """Give a file again that the applicant gave for another case of the department. 免重复提交：将申请人曾提交的材料用于本办件。

        Raises matter.CaseNotFound, matter.MaterialNotFound, matter.MaterialTypeRefused, matter.MaterialUnknown, matter.MaterialsNotChangeable, matter.MaterialsTooMany."""

    def run_step_now(
        self, *,
        case_id: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RunStepNowReply:
        """Ask again at once for a step that waits. 立即执行正在等待的步骤。

        Raises matter.CaseNotFound, matter.OfficerNeeded, matter.OwnCase, matter.StepNotFound, matter.StepNotRunnable."""

    def save_form(
        self, *,
        case_id: str,
        form: Mapping[str, Any],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SaveFormReply:
        """Replace the form of a draft. 替换草稿的申请表。

        Raises matter.CaseNotEditable, matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid."""

    def skip_step(
        self, *,
        case_id: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SkipStepReply:
        """Skip a step that has certainly had no effect. 跳过尚未生效的步骤。

        Raises matter.CaseNotFound, matter.OfficerNeeded, matter.OwnCase, matter.StepNotFound, matter.StepNotSkippable."""

    def start_case(
        self, *,
        matter_code: str,
        applicant_subject: str | None = ...,
        form: Mapping[str, Any] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StartCaseReply:
        """Begin a draft, which runs the definition's newest version for as long as it lives. 发起办件（草稿），此后始终按当时的事项版本办理。

        Raises matter.ApplicantMismatch, matter.ApplicantMissing, matter.CaseAlreadyOpen, matter.CaseNotCovered, matter.DefinitionOutdated, matter.FormInvalid, matter.MatterNotFound."""

    def stop_clock(
        self, *,
        case_id: str,
        cause: Literal["hearing", "inspection", "expert-review"],
        expected_working_days: int,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StopClockReply:
        """Stop the limits for a hearing, an inspection or an expert review; the applicant is told how long it takes. 因听证、检验检测检疫或专家评审，停止计算办理期限，并告知申请人所需时间。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.ClockStopped, matter.OfficerNeeded, matter.OwnCase."""

    def submit_case(
        self, *,
        case_id: str,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SubmitCaseReply:
        """Submit a draft: its form is checked and frozen, and its first steps begin at once. 提交草稿：校验并锁定申请表，随即开始办理。

        Raises kernel.ReturnUrlNotAllowed, matter.CaseAlreadyOpen, matter.CaseNotEditable, matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid, matter.MaterialsMissing."""

    def withdraw_case(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.WithdrawCaseReply:
        """Withdraw an application before its licence is issued; what was paid is returned. 在制证前撤回申请，已缴费用退回。

        Raises matter.CaseNotFound, matter.CaseNotWithdrawable."""

class AsyncMatter:
    """Carries a citizen's case through the other components, step by step. 按事项定义逐步办理群众和企业的申请，串联其他组件。"""

    async def answer_rating(
        self, *,
        rating_id: str,
        text: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AnswerRatingReply:
        """Answer a bad rating: what was done about it. 填写差评的处理情况。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    async def answer_supplement(
        self, *,
        case_id: str,
        form: Mapping[str, Any] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AnswerSupplementReply:
        """Submit what was missing: the officer who asked goes on, and the limits begin anew. 申请人提交补正内容，办件由原工作人员继续办理。

        Raises matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid, matter.StepUnderWay, matter.SupplementNotAwaited."""

    async def appeal_rating(
        self, *,
        rating_id: str,
        text: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.AppealRatingReply:
        """Ask a manager to set a bad rating aside. 对差评提出申诉，由负责人裁定。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    async def choose_channel(
        self, *,
        case_id: str,
        channel: str,
        step: str,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ChooseChannelReply:
        """Choose through which channel a step is paid, and get the address of the page. 选择缴费步骤的支付渠道，返回支付页面地址。

        Raises kernel.ReturnUrlNotAllowed, matter.CaseNotFound, matter.ChannelNotAllowed, matter.PaymentNotStarted, matter.StepNotFound, matter.StepNotPayable."""

    async def claim_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ClaimTaskReply:
        """Take a step; nobody else can decide on it until it is released. 领取待办环节，此后由本人办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.OwnCase, matter.SameOfficer, matter.StepNotFound, matter.TaskNotOpen, matter.TaskTaken."""

    async def compensate_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CompensateCaseReply:
        """End a case and undo what was done, such as a payment. 终止办理，已完成的动作（如缴费）予以撤销。

        Raises matter.CaseNotFound, matter.CaseNotRunning, matter.OfficerNeeded, matter.OwnCase."""

    async def complete_task(
        self, *,
        case_id: str,
        decision: Literal["approve", "refuse"],
        step: str,
        form: Mapping[str, Any] = ...,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CompleteTaskReply:
        """Decide on a step: approve it, or refuse it with a reason; some decisions need another officer's agreement. 对环节作出决定：通过或不予通过（须说明理由）；须复核的由另一名工作人员复核后生效。

        Raises matter.CaseNotFound, matter.DefinitionOutdated, matter.DeskOfOthers, matter.FormInvalid, matter.OfficerNeeded, matter.OwnCase, matter.ReasonMissing, matter.SameOfficer, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def decide_acceptance(
        self, *,
        case_id: str,
        decision: Literal["accept", "decline"],
        step: str,
        reason: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecideAcceptanceReply:
        """Accept a received application, from which day its limits count, or decline it with a reason. 受理申请，或不予受理（须说明理由）。

        Raises matter.CaseNotFound, matter.CaseNotReceived, matter.DeskOfOthers, matter.OfficerNeeded, matter.OwnCase, matter.ReasonMissing, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def decide_appeal(
        self, *,
        rating_id: str,
        text: str,
        upheld: bool,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DecideAppealReply:
        """Set a rating aside, or dismiss the appeal and answer it. 负责人裁定申诉：成立则评价不再计入，不成立则填写处理情况。

        Raises matter.OfficerNeeded, matter.OwnCase, matter.RatingNotFound, matter.RatingNotOpen."""

    async def delegate_task(
        self, *,
        case_id: str,
        officer: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.DelegateTaskReply:
        """Give a step that the officer has taken to a colleague. 将已领取的环节转交同事办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.SameDesk, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def escalate_case(
        self, *,
        case_id: str,
        reason: str,
        role: Literal["handler", "approver", "finance", "manager"],
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.EscalateCaseReply:
        """Put a step into the inbox of another role; the case is not decided by it. 将环节提请其他岗位（如负责人）办理，不同于不予办理。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.SameDesk, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def extend_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ExtendCaseReply:
        """Approve an extension of the limits, once; the applicant is told the reason. 批准延长办理期限（一次），并将理由告知申请人。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.LimitsNotExtendable, matter.OfficerNeeded, matter.OwnCase."""

    async def get_case(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetCaseReply:
        """A case with its steps, what was undone, what was told, and the applicant's timeline. 查询办件：步骤、已撤销的动作、已发通知及办理进度。

        Raises matter.CaseNotFound."""

    async def get_guide(
        self, *,
        matter_code: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetGuideReply:
        """Give a matter's guide (办事指南): who may apply, what is needed, the form, the steps. 查询办事指南：谁可申请、需要什么、申请表及办理步骤。

        Raises matter.MatterNotFound."""

    async def get_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetTaskReply:
        """Show a waiting step with what the officer may see of the application. 查看待办环节的申请内容及待复核的意见。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.TaskNotOpen."""

    async def list_cases(
        self, *,
        after: str | None = ...,
        applicant_subject: str | None = ...,
        limit: int = ...,
        matter_code: str | None = ...,
        state: Literal["draft", "running", "compensating", "withdrawn", "completed", "refused", "terminated", None] = ...,
        stuck: bool | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListCasesReply:
        """Cases, newest first, a page at a time; stuck: only those that people must look at. 查询办件，最新的在前；可只看需要人工处理的。

        Raises platform.PageCursorInvalid."""

    async def list_documents(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDocumentsReply:
        """List the documents that the department has issued in a case. 查询办件已出具的文书。

        Raises matter.CaseNotFound."""

    async def list_materials(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMaterialsReply:
        """List the files of a case. 查询办件的材料文件。

        Raises matter.CaseNotFound."""

    async def list_matters(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListMattersReply:
        """The newest version of every matter. 查询各事项的最新版本。

        Raises platform.PageCursorInvalid."""

    async def list_ratings(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        state: Literal["to-answer", "appealed", "answered", "rated", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListRatingsReply:
        """List ratings of the officer's department, oldest first. 查询本部门的评价，最早的在前；可只看待处理的差评。

        Raises matter.OfficerNeeded, platform.PageCursorInvalid."""

    async def list_tasks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        matter_code: str | None = ...,
        whose: Literal["all", "mine", "unclaimed"] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListTasksReply:
        """Steps that wait for the officer's roles, the one that waits longest first. 查询本部门、本岗位的待办环节，等待最久的在前。

        Raises matter.OfficerNeeded, platform.PageCursorInvalid."""

    async def pause_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PauseCaseReply:
        """Hold a case: nothing comes due until it is resumed. 暂停办件：各环节不再推进，直至恢复。

        Raises matter.CaseNotFound, matter.CaseNotRunning, matter.OfficerNeeded, matter.OwnCase."""

    async def publish_definition(
        self, *,
        definition_yaml: str,
        allow_missing: bool = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PublishDefinitionReply:
        """Publish a matter, or a new version of one; every mistake, and all that is unknown, is told with its line. 发布事项或其新版本；定义有误或引用的内容不存在时，逐条给出行号。

        Raises matter.DefinitionInvalid."""

    async def rate_case(
        self, *,
        case_id: str,
        level: int,
        comment: str | None = ...,
        scores: Mapping[str, int] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RateCaseReply:
        """Rate a case once it is decided; a bad rating waits for the department's answer. 好差评：办结后由申请人评价一次；差评须限期处理。

        Raises matter.CaseAlreadyRated, matter.CaseNotFound, matter.CaseNotRatable."""

    async def release_task(
        self, *,
        case_id: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ReleaseTaskReply:
        """Put a step back into the inbox. 将已领取的环节退回待办。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def remove_material(
        self, *,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveMaterialReply:
        """Remove a file of a draft, or while a supplement is awaited. 删除草稿或待补正办件的材料文件。

        Raises matter.MaterialNotFound, matter.MaterialsNotChangeable."""

    async def request_document(
        self, *,
        document_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestDocumentReply:
        """Ask for a path to download a document as PDF, good once and for two minutes. 申请下载文书（PDF），返回一次性下载路径，两分钟内有效。

        Raises matter.DocumentNotFound."""

    async def request_download(
        self, *,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestDownloadReply:
        """Ask for a path to download a file, good once and for two minutes. 申请下载材料文件，返回一次性下载路径，两分钟内有效。

        Raises matter.MaterialNotFound."""

    async def request_supplement(
        self, *,
        case_id: str,
        items: Sequence[str],
        step: str,
        fields: Sequence[str] = ...,
        working_days: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestSupplementReply:
        """Tell the applicant once all that is missing; the limits of the case stand still until the answer. 一次性告知申请人须补正的全部内容；补正期间办理期限中止。

        Raises matter.CaseNotFound, matter.DeskOfOthers, matter.OfficerNeeded, matter.StepNotFound, matter.SupplementAlreadyAsked, matter.SupplementFieldUnknown, matter.SupplementTooLate, matter.TaskNotClaimed, matter.TaskNotOpen, matter.TaskTaken."""

    async def request_upload(
        self, *,
        case_id: str,
        material: str,
        media_type: Literal["application/pdf", "image/jpeg", "image/png", "application/ofd"],
        size: int,
        file_name: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RequestUploadReply:
        """Ask for a path to upload a file of a case by stream, good once and for ten minutes. 申请上传办件材料，返回一次性上传路径，十分钟内有效。

        Raises matter.CaseNotFound, matter.MaterialTypeRefused, matter.MaterialUnknown, matter.MaterialsNotChangeable, matter.MaterialsTooMany."""

    async def restart_clock(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RestartClockReply:
        """Let the limits run on; the time that they stood does not count. 恢复计算办理期限。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.ClockNotStopped, matter.OfficerNeeded, matter.OwnCase."""

    async def resume_case(
        self, *,
        case_id: str,
        reason: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResumeCaseReply:
        """Let a paused case go on. 恢复已暂停的办件。

        Raises matter.CaseNotFound, matter.CaseNotPaused, matter.OfficerNeeded, matter.OwnCase."""

    async def reuse_material(
        self, *,
        case_id: str,
        material: str,
        material_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ReuseMaterialReply:
        """Give a file again that the applicant gave for another case of the department. 免重复提交：将申请人曾提交的材料用于本办件。

        Raises matter.CaseNotFound, matter.MaterialNotFound, matter.MaterialTypeRefused, matter.MaterialUnknown, matter.MaterialsNotChangeable, matter.MaterialsTooMany."""

    async def run_step_now(
        self, *,
        case_id: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RunStepNowReply:
        """Ask again at once for a step that waits. 立即执行正在等待的步骤。

        Raises matter.CaseNotFound, matter.OfficerNeeded, matter.OwnCase, matter.StepNotFound, matter.StepNotRunnable."""

    async def save_form(
        self, *,
        case_id: str,
        form: Mapping[str, Any],
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SaveFormReply:
        """Replace the form of a draft. 替换草稿的申请表。

        Raises matter.CaseNotEditable, matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid."""

    async def skip_step(
        self, *,
        case_id: str,
        reason: str,
        step: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SkipStepReply:
        """Skip a step that has certainly had no effect. 跳过尚未生效的步骤。

        Raises matter.CaseNotFound, matter.OfficerNeeded, matter.OwnCase, matter.StepNotFound, matter.StepNotSkippable."""

    async def start_case(
        self, *,
        matter_code: str,
        applicant_subject: str | None = ...,
        form: Mapping[str, Any] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StartCaseReply:
        """Begin a draft, which runs the definition's newest version for as long as it lives. 发起办件（草稿），此后始终按当时的事项版本办理。

        Raises matter.ApplicantMismatch, matter.ApplicantMissing, matter.CaseAlreadyOpen, matter.CaseNotCovered, matter.DefinitionOutdated, matter.FormInvalid, matter.MatterNotFound."""

    async def stop_clock(
        self, *,
        case_id: str,
        cause: Literal["hearing", "inspection", "expert-review"],
        expected_working_days: int,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StopClockReply:
        """Stop the limits for a hearing, an inspection or an expert review; the applicant is told how long it takes. 因听证、检验检测检疫或专家评审，停止计算办理期限，并告知申请人所需时间。

        Raises matter.CaseNotAccepted, matter.CaseNotFound, matter.ClockStopped, matter.OfficerNeeded, matter.OwnCase."""

    async def submit_case(
        self, *,
        case_id: str,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.SubmitCaseReply:
        """Submit a draft: its form is checked and frozen, and its first steps begin at once. 提交草稿：校验并锁定申请表，随即开始办理。

        Raises kernel.ReturnUrlNotAllowed, matter.CaseAlreadyOpen, matter.CaseNotEditable, matter.CaseNotFound, matter.DefinitionOutdated, matter.FormInvalid, matter.MaterialsMissing."""

    async def withdraw_case(
        self, *,
        case_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.WithdrawCaseReply:
        """Withdraw an application before its licence is issued; what was paid is returned. 在制证前撤回申请，已缴费用退回。

        Raises matter.CaseNotFound, matter.CaseNotWithdrawable."""
