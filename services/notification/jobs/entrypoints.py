"""Entrypoints of jobs: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence
from time import sleep

from services.notification.common.callers import OPEN
from services.notification.common.errors import ChannelNotBuilt
from services.notification.jobs import schemas
from services.notification.jobs.domain.errors import (
    JobFileSizeDiffers,
    JobNotInState,
    JobsTooMany,
    JobTemplateRefused,
    JobTicketInvalid,
    JobUnknown,
)
from services.notification.jobs.usecases import create_job as creating
from services.notification.jobs.usecases import read_jobs, run_jobs, steer_job, upload
from services.notification.jobs.usecases.ports import HasJobs
from services.notification.jobs.usecases.read_jobs import JobById
from services.notification.jobs.usecases.views import JobDetailView, JobView, NewJobView, ProblemView
from services.notification.templates.domain.errors import TemplateNotApproved, TemplateUnknown
from shared_components.bus import Transactions, every, rpc_method
from shared_components.bus.errors import AppNotAllowed
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

MADE: RuleArguments = {
    "basis": ["own", "platform"], "resource": "job", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
TRANSFERRED: RuleArguments = {**MADE, "basis": ["outside", "platform"]}


class JobEntrypoints:
    """Methods about jobs, and the work at them."""

    @rpc_method(
        request=schemas.CreateJob, reply=schemas.NewJob, mutating=True, public=True, secret_reply=True, callers=OPEN,
        errors=[ChannelNotBuilt, TemplateUnknown, TemplateNotApproved, JobTemplateRefused, JobsTooMany, AppNotAllowed],
        **MADE, zh="创建批量任务，返回一次性的名单上传路径，半小时内有效。")
    def create_job(self, tx: creating.CreateJobTx, call: Call[creating.CreateJob]) -> NewJobView:
        """Make a job that sends one template to everybody in a file; the path for the file is good for half an hour."""
        return creating.create_job(tx, call.data, call.context)

    @rpc_method(
        request=schemas.JobId, reply=schemas.JobDetail, public=True, callers=OPEN, errors=[JobUnknown], **MADE,
        zh="查询批量任务的进度、名单错误统计和各状态消息数。")
    def get_job(self, tx: read_jobs.GetJobTx, call: Call[JobById]) -> JobDetailView:
        """Tell how far a job is, what is wrong with its file, and where its messages stand."""
        return read_jobs.get_job(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ListJobs, reply=schemas.Jobs, public=True, bulk=True, callers=OPEN, **MADE, load_class=LISTS,
        zh="查询批量任务，最新的在前。")
    def list_jobs(
        self, tx: HasJobs, calls: Sequence[Call[read_jobs.ListJobs]],
    ) -> Sequence[PageView[JobView] | AppError]:
        """List jobs, newest first."""
        return read_jobs.list_jobs(tx, calls)

    @rpc_method(
        request=schemas.ListJobProblems, reply=schemas.JobProblems, public=True, bulk=True, callers=OPEN,
        errors=[JobUnknown], **MADE, load_class=LISTS, zh="查询名单中的错误，按行和列列出。")
    def list_job_problems(
        self, tx: HasJobs, calls: Sequence[Call[read_jobs.ListJobProblems]],
    ) -> Sequence[PageView[ProblemView] | AppError]:
        """List what is wrong with a job's file, by row and column."""
        return read_jobs.list_job_problems(tx, calls)

    @rpc_method(
        request=schemas.JobId, reply=schemas.Job, mutating=True, public=True, callers=OPEN,
        errors=[JobUnknown, JobNotInState], **MADE, zh="暂停批量任务；已受理的消息继续发送。")
    def pause_job(self, tx: steer_job.SteerJobTx, call: Call[JobById]) -> JobView:
        """Pause a job: no more rows become messages. Those that have go on."""
        return steer_job.pause_job(tx, call.data, call.context)

    @rpc_method(
        request=schemas.JobId, reply=schemas.Job, mutating=True, public=True, callers=OPEN,
        errors=[JobUnknown, JobNotInState], **MADE, zh="继续已暂停的批量任务。")
    def resume_job(self, tx: steer_job.SteerJobTx, call: Call[JobById]) -> JobView:
        """Let a paused job go on."""
        return steer_job.resume_job(tx, call.data, call.context)

    @rpc_method(
        request=schemas.JobId, reply=schemas.Job, mutating=True, public=True, callers=OPEN,
        errors=[JobUnknown, JobNotInState], **MADE, zh="取消批量任务；已受理的消息继续发送。")
    def cancel_job(self, tx: steer_job.SteerJobTx, call: Call[JobById]) -> JobView:
        """Cancel a job: no more rows become messages. Those that have go on; cancel takes one of them back."""
        return steer_job.cancel_job(tx, call.data, call.context)

    @rpc_method(
        request=schemas.JobByTicket, reply=schemas.JobTransfer, callers=["gateway"], own_transactions=True,
        errors=[JobTicketInvalid], **TRANSFERRED, zh="网关查验名单上传凭证。")
    def open_job_upload(self, transactions: Transactions, call: Call[upload.JobByTicket]) -> upload.JobTransferView:
        """Tell the gateway what may be uploaded by a ticket."""
        return upload.open_job_upload(transactions, call.data)

    @rpc_method(
        request=schemas.FinishJobUpload, reply=schemas.Job, callers=["gateway"], mutating=True, own_transactions=True,
        errors=[JobTicketInvalid, JobFileSizeDiffers], **TRANSFERRED, zh="网关报告名单上传完成，开始检查。")
    def finish_job_upload(self, transactions: Transactions, call: Call[upload.FinishJobUpload]) -> JobView:
        """Take an uploaded file, and let it be checked."""
        return upload.finish_job_upload(transactions, call.data, call.context.locale)

    @every(seconds=1)
    def run_jobs(self, transactions: Transactions) -> None:
        """Check files, and accept rows as messages."""
        run_jobs.run_jobs(transactions, transactions.provider.job_files, lambda: sleep(0))

    @every(seconds=60)
    def drop_job_files(self, transactions: Transactions) -> None:
        """Remove the files of jobs that are over, and cancel jobs whose file never came."""
        while run_jobs.drop_files(transactions, transactions.provider.job_files):
            pass
