"""The contract of jobs."""
from __future__ import annotations

from marshmallow import fields, validate

from services.notification.common import texts
from services.notification.common.fields import ForChannel, channel, code, limited_text, locale
from services.notification.jobs.domain.job import JOB, LARGEST
from services.notification.jobs.domain.problems import TEXTS
from services.notification.jobs.usecases import create_job, read_jobs, upload
from services.notification.messages.domain.message import MESSAGE
from shared_components.contracts import Message, PageReply, PageRequest, app_served, text
from shared_components.contracts.base import SECRET

JOB_ID = text("The job's id, such as job_….", "批量任务编号（job_ 开头）。")
SIZE = text("The size of the file in bytes, at most 128 MiB.", "名单文件大小（字节），不超过 128 MiB。")
JOB_REFERENCE = text(
    "A number of your own for all messages of the job, up to 128 characters; null gives them the job's id. A column "
    "reference in the file goes before it.",
    "整批消息的关联编号，128 字以内；null 用任务编号。名单中的 reference 列优先。")
HOLD = text(
    "Whether the job waits for resume_job, once its file was checked.",
    "名单检查通过后是否暂不发送，等待 resume_job。")
COLUMN = text("The column's name; null: the whole row.", "列名；整行为 null。")
PROBLEM_CODE = text("A constant for the kind of problem, such as address-invalid.", "错误类别，如 address-invalid。")
PROBLEM_TEXT = text("The same in words, in the caller's language.", "错误说明，语言与调用方一致。")
TICKET = text("The ticket, as the path ends with it.", "凭证，即路径的末段。", data_class=SECRET)


class CreateJob(ForChannel):
    command = create_job.CreateJob
    app = app_served()
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=text(
        "How the messages go: email or sms.", "发送渠道：email 电子邮件，sms 短信。"))
    size = fields.Integer(required=True, validate=validate.Range(1, LARGEST), metadata=SIZE)
    hold = fields.Boolean(load_default=False, metadata=HOLD)
    reference = limited_text(128, load_default=None, allow_none=True, metadata=JOB_REFERENCE)
    locale = locale(load_default=None, allow_none=True, metadata=text(
        "The language wished for, zh-CN or en; null takes the call's. Another is taken when there is no template in "
        "it.", "期望语言，zh-CN 或 en；null 用调用方的语言；没有该语言的模板时用另一种。"))


class JobId(Message):
    command = read_jobs.JobById
    job_id = limited_text(48, required=True, metadata=JOB_ID)


class ProblemCount(Message):
    code = fields.String(required=True, validate=validate.OneOf(tuple(TEXTS)), metadata=PROBLEM_CODE)
    column = fields.String(required=True, allow_none=True, metadata=COLUMN)
    count = fields.Integer(required=True, metadata=text("How often it was found.", "出现次数。"))
    text = fields.String(required=True, metadata=PROBLEM_TEXT)


class Job(Message):
    job_id = fields.String(required=True, metadata=JOB_ID)
    app = fields.String(required=True, metadata=text("The app that the job is of.", "任务所属应用。"))
    state = fields.String(required=True, validate=validate.OneOf(JOB.states), metadata=text(
        "awaiting-file, checking, refused (the file has problems, nothing was sent), sending, paused, finished (all "
        "rows have become messages) or cancelled.",
        "任务状态：awaiting-file 待上传名单，checking 名单检查中，refused 名单有误、未发送，sending 发送中，"
        "paused 已暂停，finished 名单全部受理，cancelled 已取消。"))
    state_label = fields.String(required=True, metadata=text(
        "The state's name in the caller's language, to be shown.", "状态名称，供页面显示，语言与调用方一致。"))
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    template_code = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    template_version = fields.Integer(required=True, metadata=text(
        "The version that was in force when the job was made; all of its messages are made from it.",
        "创建任务时生效的模板版本，整批消息均用该版本。"))
    locale = fields.String(required=True, metadata=texts.LOCALE)
    reference = fields.String(required=True, allow_none=True, metadata=JOB_REFERENCE)
    hold = fields.Boolean(required=True, metadata=HOLD)
    size = fields.Integer(required=True, metadata=SIZE)
    rows = fields.Integer(required=True, allow_none=True, metadata=text(
        "Rows with recipients; null until the file was checked.", "收件人行数；检查完成前为 null。"))
    accepted = fields.Integer(required=True, metadata=text(
        "Rows that have become messages.", "已受理为消息的行数。"))
    problem_count = fields.Integer(required=True, metadata=text(
        "Problems of the file in all.", "名单中的错误总数。"))
    problem_counts = fields.List(fields.Nested(ProblemCount), required=True, metadata=text(
        "The problems by kind and column, the most frequent first; at most 200 kinds.",
        "按类别和列统计的错误，次数多的在前，最多 200 类。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    checked_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the check of the file had ended, UTC; null before that.", "名单检查完成的时间（UTC）；未完成为 null。"))
    finished_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the job was over, UTC; null before that.", "任务结束的时间（UTC）；未结束为 null。"))


class StateCount(Message):
    state = fields.String(required=True, validate=validate.OneOf(MESSAGE.states), metadata=texts.STATE)
    count = fields.Integer(required=True, metadata=text("Messages in this state.", "处于该状态的消息数。"))


class JobDetail(Message):
    job = fields.Nested(Job, required=True, metadata=text("How far it has come.", "任务的当前情况。"))
    messages = fields.List(fields.Nested(StateCount), required=True, metadata=text(
        "The job's messages by state.", "按状态统计的消息数。"))


class NewJob(Message):
    job = fields.Nested(Job, required=True, metadata=text(
        "What was made; it waits for its file.", "新建的任务，等待上传名单文件。"))
    path = fields.String(required=True, metadata=text(
        "Where the file goes (PUT) at the gateway; good once, and without any other key.",
        "在网关上传（PUT）名单文件的路径；一次有效，无须其他密钥。", data_class=SECRET))
    until = fields.AwareDateTime(required=True, metadata=text("Until when it is good, UTC.", "有效期至（UTC）。"))


class ListJobs(PageRequest):
    command = read_jobs.ListJobs


class Jobs(PageReply):
    items = fields.List(fields.Nested(Job), required=True, metadata=text(
        "The jobs on this page, newest first.", "本页批量任务，最新的在前。"))


class ListJobProblems(PageRequest):
    command = read_jobs.ListJobProblems
    job_id = limited_text(48, required=True, metadata=JOB_ID)


class Problem(Message):
    row = fields.Integer(required=True, allow_none=True, metadata=text(
        "The row as a spreadsheet numbers it, 1 is that of the names; null: the whole file.",
        "行号，与电子表格一致，第 1 行为列名；整个文件为 null。"))
    column = fields.String(required=True, allow_none=True, metadata=COLUMN)
    code = fields.String(required=True, validate=validate.OneOf(tuple(TEXTS)), metadata=PROBLEM_CODE)
    text = fields.String(required=True, metadata=PROBLEM_TEXT)


class JobProblems(PageReply):
    items = fields.List(fields.Nested(Problem), required=True, metadata=text(
        "The problems on this page, in the order of the rows; the first 1,000 are kept, the others counted.",
        "本页错误，按行排序；保留前 1000 条，其余只计数。"))


class JobByTicket(Message):
    command = upload.JobByTicket
    ticket = limited_text(100, required=True, metadata=TICKET)


class JobTransfer(Message):
    content_id = fields.String(required=True, metadata=text(
        "Under which the store has the content.", "存储中的内容编号。"))
    media_types = fields.List(fields.String(), required=True, metadata=text(
        "The types that the content may have.", "内容允许的类型。"))
    size = fields.Integer(required=True, metadata=SIZE)
    key = fields.String(required=True, metadata=text(
        "The key of the content, in hex.", "内容密钥（十六进制）。", data_class=SECRET))


class FinishJobUpload(Message):
    command = upload.FinishJobUpload
    ticket = limited_text(100, required=True, metadata=TICKET)
    size = fields.Integer(required=True, validate=validate.Range(0, LARGEST), metadata=SIZE)
    media_type = limited_text(100, required=True, metadata=text("text/csv.", "文件类型：text/csv。"))
    sha256 = fields.String(required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z"), metadata=text(
        "The SHA-256 of the file, in hex.", "文件的 SHA-256（十六进制）。"))
