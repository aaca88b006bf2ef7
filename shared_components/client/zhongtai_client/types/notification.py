"""Requests, replies and events of service `notification`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class ApproveTemplateRequest(TypedDict):
    app: NotRequired[str | None]
    """The app whose own template it is; null: the caller's own, else the department's. 模板所属应用；null 先取调用方自己的模板，没有则取部门公用模板。"""
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    version: int
    """The version that was looked at, 1 and up. 经审核的版本号，从 1 起。"""


class CancelRequest(TypedDict):
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""


class CancelJobRequest(TypedDict):
    job_id: str
    """The job's id, such as job_…. 批量任务编号（job_ 开头）。"""


class CreateJobRequest(TypedDict):
    app: NotRequired[str | None]
    """For services: the app that this is made for and that owns it, such as app-demo. An app leaves it out: what it makes is its own. 仅供服务使用：代哪个应用办理，归该应用所有，如 app-demo。应用自行调用时不填，所建数据归调用方所有。"""
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the messages go: email or sms. 发送渠道：email 电子邮件，sms 短信。"""
    hold: NotRequired[bool]
    """Whether the job waits for resume_job, once its file was checked. 名单检查通过后是否暂不发送，等待 resume_job。"""
    locale: NotRequired[Literal["zh-CN", "en", None]]
    """The language wished for, zh-CN or en; null takes the call's. Another is taken when there is no template in it. 期望语言，zh-CN 或 en；null 用调用方的语言；没有该语言的模板时用另一种。"""
    reference: NotRequired[str | None]
    """A number of your own for all messages of the job, up to 128 characters; null gives them the job's id. A column reference in the file goes before it. 整批消息的关联编号，128 字以内；null 用任务编号。名单中的 reference 列优先。"""
    size: int
    """The size of the file in bytes, at most 128 MiB. 名单文件大小（字节），不超过 128 MiB。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""


class CreateNotifyKeyRequest(TypedDict):
    app: NotRequired[str | None]
    """For services: the app that this is made for and that owns it, such as app-demo. An app leaves it out: what it makes is its own. 仅供服务使用：代哪个应用办理，归该应用所有，如 app-demo。应用自行调用时不填，所建数据归调用方所有。"""
    guests: NotRequired[Sequence[str]]
    """Addresses and phone numbers that a team key sends to, at most 50. 团队密钥可发送的邮箱和手机号，最多 50 个。"""
    kind: Literal["live", "team", "test"]
    """live sends to anybody; team to the recipients in guests; test sends nothing and says that it was delivered. 密钥类别：live 正式，可发给任何人；team 团队，只发给 guests 名单；test 测试，不实际发送，直接视为已送达。"""
    name: str
    """A name for people: small letters, digits and . _ -, up to 64. 密钥名称，小写字母、数字及 . _ -，最长 64 位。"""


GetRequest = CancelRequest


GetByNotifyRequest = CancelRequest


GetJobRequest = CancelJobRequest


class GetNotifyTemplateRequest(TypedDict):
    template_id: str
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    version: NotRequired[int | None]
    """The version wanted; null for the newest. 要查询的版本号；null 为最新版本。"""


class GetTemplateRequest(TypedDict):
    app: NotRequired[str | None]
    """The app whose own template it is; null: the caller's own, else the department's. 模板所属应用；null 先取调用方自己的模板，没有则取部门公用模板。"""
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    version: NotRequired[int | None]
    """The version wanted, 1 and up; null for the newest. 要查询的版本号，从 1 起；null 为最新版本。"""


class InboxRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    recipient_subject: NotRequired[str | None]
    """Whose inbox: a subject's id, such as sub_…; needed where no citizen acts, else it is the acting citizen's. 要查看的收件人主体编号（sub_ 开头）；没有个人（法人）会话时必填，有会话时即为当前主体。"""


class ListRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    channel: NotRequired[Literal["email", "inbox", "sms", "webhook", None]]
    """Only messages of this channel, email, sms or inbox; null for all. 只查该渠道的消息：email、sms 或 inbox；null 为不限。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    recipient_subject: NotRequired[str | None]
    """Only messages to this subject; null for all. 只查发给该主体的消息；null 为不限。"""
    reference: NotRequired[str | None]
    """Only messages with this reference; null for all. 只查该关联编号的消息；null 为不限。"""


class ListByNotifyRequest(TypedDict):
    channel: NotRequired[Literal["email", "sms", None]]
    """Only messages of this channel, email or sms; null for both. 只查该渠道的消息：email 或 sms；null 为不限。"""
    limit: NotRequired[int]
    """At most so many, 1 to 250. 最多返回条数，1 至 250。"""
    older_than: NotRequired[str | None]
    """Only messages that were made before the one with this id; null for the newest. 只查早于该消息编号的消息；null 从最新的开始。"""
    reference: NotRequired[str | None]
    """Only messages with this reference; null for all. 只查该关联编号的消息；null 为不限。"""
    states: NotRequired[Sequence[str]]
    """Only messages in these states; empty for all. 只查这些状态的消息；空为不限。"""


class ListDeliveriesRequest(TypedDict):
    about: NotRequired[str | None]
    """Only deliveries about the message, case or licence with this id; null for all. 只查与该消息、办件或证照有关的投递；null 为不限。"""
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    state: NotRequired[Literal["pending", "delivered", "failed", None]]
    """Only deliveries in this state; null for all. 只查该状态的投递；null 为不限。"""
    webhook_id: NotRequired[str | None]
    """Only deliveries of this webhook; null for all. 只查该回调的投递；null 为不限。"""


class ListJobProblemsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    job_id: str
    """The job's id, such as job_…. 批量任务编号（job_ 开头）。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class ListJobsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


ListNotifyKeysRequest = ListJobsRequest


class ListNotifyTemplatesRequest(TypedDict):
    channel: NotRequired[Literal["email", "sms", None]]
    """Only templates of this channel, email or sms; null for both. 只查该渠道的模板：email 或 sms；null 为不限。"""


ListTemplatesRequest = ListJobsRequest


ListWebhooksRequest = ListJobsRequest


MarkReadRequest = CancelRequest


PauseJobRequest = CancelJobRequest


class PreviewRequest(TypedDict):
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    destination: NotRequired[Literal["mainland", "abroad"]]
    """Where a text message would go, which decides its parts: mainland or abroad. 短信发往何处，决定拆分条数：mainland 大陆，abroad 境外。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    values: NotRequired[Mapping[str, str | int]]
    """What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100. 各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。"""


class PreviewNotifyTemplateRequest(TypedDict):
    template_id: str
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    values: NotRequired[Mapping[str, str | int]]
    """What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100. 各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。"""


class PutTemplateRequest(TypedDict):
    body: str
    """The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out, and ((name??text)) shows that text where there is no value. 正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供，((name??默认文字)) 在未提供时显示默认文字。"""
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    locale: NotRequired[Literal["zh-CN", "en"]]
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    purpose: NotRequired[Literal["code", "notice", "promotion"]]
    """Why it is sent: code (a one-time code: urgent), notice (of the recipient's own matter), promotion (something to make known: bulk). 用途：code 验证码（优先发送），notice 通知（与收件人本人事项有关），promotion 宣传（批量发送）。"""
    subject: NotRequired[str | None]
    """The subject line, one line of up to 200 characters; an e-mail needs it. ((name)) is a placeholder. 标题，单行，200 字以内；电子邮件模板必填。((name)) 为占位符。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""


class PutWebhookRequest(TypedDict):
    app: NotRequired[str | None]
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    events: NotRequired[Sequence[Literal["message-accepted", "message-sent", "message-delivered", "message-failed", "message-cancelled", "case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-terminated", "case-failed", "supplement-requested", "supplement-answered", "licence-issued", "licence-superseded", "licence-state-changed"]]]
    """The types of events that are sent, such as message-accepted; all when left out. 订阅的事件类型，如 message-accepted；不传为全部。"""
    rotate_secret: NotRequired[bool]
    """Whether a new secret is made. 是否更换签名密钥。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: NotRequired[str | None]
    """The webhook to change; a new one is made when left out. 要修改的回调编号；不传则新建。"""


class RemoveWebhookRequest(TypedDict):
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ResendWebhookRequest(TypedDict):
    delivery_id: str
    """The delivery's id, such as whd_…. 投递编号（whd_ 开头）。"""


ResumeJobRequest = CancelJobRequest


class RevokeNotifyKeyRequest(TypedDict):
    key_id: str
    """The key's id, such as nky_…; it is no secret. 密钥编号（nky_ 开头），不是密钥本身。"""


class SendRequest(TypedDict):
    address: NotRequired[str | None]
    """The recipient's e-mail address, up to 254 characters, or phone number: a mainland mobile number of 11 digits, or + with country code and number. E-mails and text messages need it. 收件人电子邮箱（不超过 254 个字符），或手机号码（11 位大陆手机号，或以“+国家（地区）代码”开头）；渠道为 email 或 sms 时必填。"""
    app: NotRequired[str | None]
    """For services: the app that this is made for and that owns it, such as app-demo. An app leaves it out: what it makes is its own. 仅供服务使用：代哪个应用办理，归该应用所有，如 app-demo。应用自行调用时不填，所建数据归调用方所有。"""
    channel: Literal["email", "inbox", "sms", "webhook"]
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    locale: NotRequired[Literal["zh-CN", "en", None]]
    """The language wished for, zh-CN or en; null for the template's first. Another is taken when there is no template in it. 期望语言，zh-CN 或 en；null 用默认语言；没有该语言的模板时用另一种。"""
    message_class: NotRequired[Literal["urgent", "normal", "bulk", None]]
    """How soon it is to go: urgent, normal or bulk; each has queues and workers of its own. Null takes the template's: codes are urgent, promotions bulk. 发送级别：urgent 优先，normal 普通，bulk 批量，队列和处理相互独立；null 按模板用途（验证码优先，宣传批量）。"""
    recipient_subject: NotRequired[str | None]
    """The recipient's id in identity, such as sub_…; an inbox message needs it. 收件人在身份服务中的编号（sub_ 开头）；站内信必填。"""
    reference: NotRequired[str | None]
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    values: NotRequired[Mapping[str, str | int]]
    """What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100. 各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。"""


class SendByNotifyRequest(TypedDict):
    address: str
    """The recipient's e-mail address or phone number. 收件人的电子邮箱或手机号。"""
    channel: Literal["email", "sms"]
    """email or sms. 渠道：email 电子邮件，sms 短信。"""
    key_id: str
    """The key's id, such as nky_…; it is no secret. 密钥编号（nky_ 开头），不是密钥本身。"""
    reference: NotRequired[str | None]
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    template_id: str
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    values: NotRequired[Mapping[str, str | int]]
    """What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100. 各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。"""


class ApproveTemplateReplyFilings(TypedDict):
    changed_at: str
    """When the filing was last recorded, UTC. 报备记录最近变更时间（UTC）。"""
    provider: str
    """The provider of text messages: sandbox, aliyun or tencent. 短信服务商：sandbox、aliyun 或 tencent。"""
    provider_template_id: str
    """The provider's number of the filed text, 1 to 64 letters, digits, _ and -, such as SMS_123456789. 服务商给出的模板编号，1 至 64 位字母、数字、_ 或 -，如 SMS_123456789。"""
    signature: str
    """The signature that was filed with it, 1 to 20 characters without brackets; null takes the platform's. 报备的短信签名，1 至 20 字，不含括号；null 用平台默认签名。"""
    state: Literal["pending", "filed", "refused"]
    """How far the filing is: pending, filed or refused; only filed texts are sent. 报备状态：pending 审核中，filed 已通过，refused 未通过；只有已通过的才能发送。"""


class ApproveTemplateReply(TypedDict):
    app: str | None
    """The app whose own template it is; null: the department's, for all of its apps. 模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"""
    approved_at: str | None
    """When another person than its writer approved this version, UTC; null before that. 审核通过时间（UTC），须由编写人以外的人审核；未审核为 null。"""
    body: str
    """The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out, and ((name??text)) shows that text where there is no value. 正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供，((name??默认文字)) 在未提供时显示默认文字。"""
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    filings: list[ApproveTemplateReplyFilings]
    """How the version is filed with providers of text messages; empty for other channels. 该版本在各短信服务商的报备情况；其他渠道为空。"""
    locale: str
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    optional_placeholders: list[str]
    """The names that may be left without a value. 可以不提供内容的占位符名称。"""
    placeholders: list[str]
    """The names that must get a value. 必须提供内容的占位符名称。"""
    purpose: str
    """Why it is sent: code (a one-time code: urgent), notice (of the recipient's own matter), promotion (something to make known: bulk). 用途：code 验证码（优先发送），notice 通知（与收件人本人事项有关），promotion 宣传（批量发送）。"""
    subject: str | None
    """The subject line, one line of up to 200 characters; an e-mail needs it. ((name)) is a placeholder. 标题，单行，200 字以内；电子邮件模板必填。((name)) 为占位符。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


class CancelReply(TypedDict):
    address: str | None
    """The address that the message goes to, masked; null for an inbox message. 收件地址（脱敏）；站内信为 null。"""
    attempts: int
    """How often sending was tried. 已尝试发送的次数。"""
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    delivered_at: str | None
    """When it reached the recipient's inbox, UTC; null before that. 送达收件箱的时间（UTC）；未送达为 null。"""
    failure_code: str | None
    """A constant for what went wrong last; null when nothing did. 最近一次失败的原因代码；没有失败为 null。"""
    locale: str
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    message_class: Literal["urgent", "normal", "bulk"]
    """How soon it is to go: urgent, normal or bulk; each has queues and workers of its own. Null takes the template's: codes are urgent, promotions bulk. 发送级别：urgent 优先，normal 普通，bulk 批量，队列和处理相互独立；null 按模板用途（验证码优先，宣传批量）。"""
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""
    next_attempt_at: str | None
    """When sending is tried again, UTC; null when it is not. 下次尝试发送的时间（UTC）；不再尝试为 null。"""
    parts: int | None
    """The parts that a text message is sent and paid as; null for other channels. 短信拆分并计费的条数；其他渠道为 null。"""
    read_at: str | None
    """When the recipient first read it, UTC; null before that. 收件人首次阅读的时间（UTC）；未读为 null。"""
    recipient_subject: str | None
    """The recipient's id in identity, such as sub_…; an inbox message needs it. 收件人在身份服务中的编号（sub_ 开头）；站内信必填。"""
    reference: str | None
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    sent_at: str | None
    """When the mail server or the provider took it, UTC; null before that. 邮件服务器或短信服务商接收的时间（UTC）；未发出为 null。"""
    state: Literal["created", "scheduled", "sending", "temporary-failure", "sent", "permanent-failure", "technical-failure", "cancelled", "expired", "delivered"]
    """Where the message stands: created, scheduled (waits for its time), sending, temporary-failure (is tried again), sent, delivered, cancelled, expired, permanent-failure or technical-failure. 消息状态：created 已受理，scheduled 待定时发送，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，delivered 已送达，cancelled 已取消，expired 已过期，permanent-failure 无法送达，technical-failure 技术故障。"""
    state_label: str
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    template_version: int
    """The version of the template that the message was made from. 生成该消息所用的模板版本号。"""


class CancelJobReplyProblemCounts(TypedDict):
    code: Literal["file-empty", "file-encoding", "file-missing", "quotes-broken", "line-too-long", "rows-too-many", "problems-too-many", "column-missing", "column-unknown", "column-twice", "row-ragged", "row-twice", "value-missing", "value-too-long", "value-formula", "value-line-break", "value-markup", "value-link", "value-control-character", "address-invalid", "message-too-large", "text-message-too-long", "template-not-filed", "carrier-not-configured"]
    """A constant for the kind of problem, such as address-invalid. 错误类别，如 address-invalid。"""
    column: str | None
    """The column's name; null: the whole row. 列名；整行为 null。"""
    count: int
    """How often it was found. 出现次数。"""
    text: str
    """The same in words, in the caller's language. 错误说明，语言与调用方一致。"""


class CancelJobReply(TypedDict):
    accepted: int
    """Rows that have become messages. 已受理为消息的行数。"""
    app: str
    """The app that the job is of. 任务所属应用。"""
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    checked_at: str | None
    """When the check of the file had ended, UTC; null before that. 名单检查完成的时间（UTC）；未完成为 null。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    finished_at: str | None
    """When the job was over, UTC; null before that. 任务结束的时间（UTC）；未结束为 null。"""
    hold: bool
    """Whether the job waits for resume_job, once its file was checked. 名单检查通过后是否暂不发送，等待 resume_job。"""
    job_id: str
    """The job's id, such as job_…. 批量任务编号（job_ 开头）。"""
    locale: str
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    problem_count: int
    """Problems of the file in all. 名单中的错误总数。"""
    problem_counts: list[CancelJobReplyProblemCounts]
    """The problems by kind and column, the most frequent first; at most 200 kinds. 按类别和列统计的错误，次数多的在前，最多 200 类。"""
    reference: str | None
    """A number of your own for all messages of the job, up to 128 characters; null gives them the job's id. A column reference in the file goes before it. 整批消息的关联编号，128 字以内；null 用任务编号。名单中的 reference 列优先。"""
    rows: int | None
    """Rows with recipients; null until the file was checked. 收件人行数；检查完成前为 null。"""
    size: int
    """The size of the file in bytes, at most 128 MiB. 名单文件大小（字节），不超过 128 MiB。"""
    state: Literal["awaiting-file", "checking", "sending", "paused", "cancelled", "refused", "finished"]
    """awaiting-file, checking, refused (the file has problems, nothing was sent), sending, paused, finished (all rows have become messages) or cancelled. 任务状态：awaiting-file 待上传名单，checking 名单检查中，refused 名单有误、未发送，sending 发送中，paused 已暂停，finished 名单全部受理，cancelled 已取消。"""
    state_label: str
    """The state's name in the caller's language, to be shown. 状态名称，供页面显示，语言与调用方一致。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    template_version: int
    """The version that was in force when the job was made; all of its messages are made from it. 创建任务时生效的模板版本，整批消息均用该版本。"""


class CreateJobReply(TypedDict):
    job: CancelJobReply
    """What was made; it waits for its file. 新建的任务，等待上传名单文件。"""
    path: str
    """Where the file goes (PUT) at the gateway; good once, and without any other key. 在网关上传（PUT）名单文件的路径；一次有效，无须其他密钥。"""
    until: str
    """Until when it is good, UTC. 有效期至（UTC）。"""


class CreateNotifyKeyReply(TypedDict):
    app: str
    """The app that the key is of. 密钥所属应用。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    key: str
    """The key for a Notify client library, shown only once: name-<service id>-<secret>. 供 Notify 客户端库使用的密钥，只显示一次：名称-<服务编号>-<密钥>。"""
    key_id: str
    """The key's id, such as nky_…; it is no secret. 密钥编号（nky_ 开头），不是密钥本身。"""
    kind: Literal["live", "team", "test"]
    """live sends to anybody; team to the recipients in guests; test sends nothing and says that it was delivered. 密钥类别：live 正式，可发给任何人；team 团队，只发给 guests 名单；test 测试，不实际发送，直接视为已送达。"""
    name: str
    """A name for people: small letters, digits and . _ -, up to 64. 密钥名称，小写字母、数字及 . _ -，最长 64 位。"""
    revoked_at: str | None
    """When it was revoked, UTC; null while it is good. 撤销时间（UTC）；有效为 null。"""
    service_id: str
    """The app's id in the Notify API, a UUID; the issuer of its tokens. 应用在 Notify 接口中的服务编号（UUID），即令牌的签发方。"""


GetReply = CancelReply


class GetByNotifyReply(TypedDict):
    address: str | None
    """The address that the message goes to. 收件地址。"""
    body: str
    """The text with the values put in. 填入内容后的正文。"""
    channel: str
    """email or sms. 渠道：email 电子邮件，sms 短信。"""
    completed_at: str | None
    """When nothing more was to be done, UTC; null before that. 处理完毕的时间（UTC）；未完毕为 null。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""
    reference: str | None
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    sent_at: str | None
    """When a provider took it, UTC; null before that. 服务商接收的时间（UTC）；未发出为 null。"""
    state: Literal["created", "scheduled", "sending", "temporary-failure", "sent", "permanent-failure", "technical-failure", "cancelled", "expired", "delivered"]
    """Where the message stands: created, scheduled (waits for its time), sending, temporary-failure (is tried again), sent, delivered, cancelled, expired, permanent-failure or technical-failure. 消息状态：created 已受理，scheduled 待定时发送，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，delivered 已送达，cancelled 已取消，expired 已过期，permanent-failure 无法送达，technical-failure 技术故障。"""
    subject: str | None
    """The subject line with the values put in; null when there is none. 填入内容后的标题；没有标题为 null。"""
    template_id: str | None
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    template_version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


class GetJobReplyMessages(TypedDict):
    count: int
    """Messages in this state. 处于该状态的消息数。"""
    state: Literal["created", "scheduled", "sending", "temporary-failure", "sent", "permanent-failure", "technical-failure", "cancelled", "expired", "delivered"]
    """Where the message stands: created, scheduled (waits for its time), sending, temporary-failure (is tried again), sent, delivered, cancelled, expired, permanent-failure or technical-failure. 消息状态：created 已受理，scheduled 待定时发送，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，delivered 已送达，cancelled 已取消，expired 已过期，permanent-failure 无法送达，technical-failure 技术故障。"""


class GetJobReply(TypedDict):
    job: CancelJobReply
    """How far it has come. 任务的当前情况。"""
    messages: list[GetJobReplyMessages]
    """The job's messages by state. 按状态统计的消息数。"""


class GetNotifyTemplateReply(TypedDict):
    body: str
    """The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out, and ((name??text)) shows that text where there is no value. 正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供，((name??默认文字)) 在未提供时显示默认文字。"""
    channel: str
    """email or sms. 渠道：email 电子邮件，sms 短信。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    name: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    placeholders: dict[str, bool]
    """The names of placeholders, each with whether it must get a value. 各占位符名称，及其是否必须提供内容。"""
    subject: str | None
    """The subject line, one line of up to 200 characters; an e-mail needs it. ((name)) is a placeholder. 标题，单行，200 字以内；电子邮件模板必填。((name)) 为占位符。"""
    template_id: str
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


GetTemplateReply = ApproveTemplateReply


class InboxReplyItems(TypedDict):
    body: str
    """The message's text. 消息正文。"""
    delivered_at: str | None
    """When it reached the recipient's inbox, UTC; null before that. 送达收件箱的时间（UTC）；未送达为 null。"""
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""
    read_at: str | None
    """When the recipient first read it, UTC; null before that. 收件人首次阅读的时间（UTC）；未读为 null。"""
    reference: str | None
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    subject: str | None
    """The message's subject line; null when it has none. 消息标题；没有标题为 null。"""


class InboxReply(TypedDict):
    items: list[InboxReplyItems]
    """The inbox messages on this page, newest first. 本页站内信，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""
    unread: int
    """How many messages of the whole inbox are unread. 整个收件箱的未读条数。"""


class ListReply(TypedDict):
    items: list[CancelReply]
    """The messages on this page, newest first, without their words. 本页消息，最新的在前；不含正文。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListByNotifyReply(TypedDict):
    items: list[GetByNotifyReply]
    """The messages, newest first. 消息列表，最新的在前。"""


class ListDeliveriesReplyItems(TypedDict):
    about: str
    """The id of the message, case or licence that the event is about. 事件所涉消息、办件或证照的编号。"""
    attempts: int
    """How often sending was tried. 已尝试投递的次数。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    delivered_at: str | None
    """When the app took it, UTC; null before that. 应用确认收到的时间（UTC）；未送达为 null。"""
    delivery_id: str
    """The delivery's id, such as whd_…. 投递编号（whd_ 开头）。"""
    event_id: str
    """The event's id, the same at each attempt; apps take each once. 事件编号，重发时不变；应用据此去重。"""
    event_type: str
    """The event's type, such as those of put_webhook. 事件类型，见 put_webhook。"""
    last_failure: str | None
    """A constant for the last failure, such as timeout or http-status; null when the app took it. 最近一次失败的原因代码，如 timeout、http-status；成功为 null。"""
    last_status: int | None
    """The HTTP status of the last answer; null when there was none. 最近一次应答的 HTTP 状态码；没有应答为 null。"""
    next_attempt_at: str | None
    """When it is tried again, UTC; null when it is not. 下次投递时间（UTC）；不再投递为 null。"""
    state: Literal["pending", "delivered", "failed"]
    """pending (to be sent), delivered, or failed (given up). 投递状态：pending 待发送，delivered 已送达，failed 已放弃。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ListDeliveriesReply(TypedDict):
    items: list[ListDeliveriesReplyItems]
    """The deliveries on this page, newest first. 本页投递记录，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListJobProblemsReplyItems(TypedDict):
    code: Literal["file-empty", "file-encoding", "file-missing", "quotes-broken", "line-too-long", "rows-too-many", "problems-too-many", "column-missing", "column-unknown", "column-twice", "row-ragged", "row-twice", "value-missing", "value-too-long", "value-formula", "value-line-break", "value-markup", "value-link", "value-control-character", "address-invalid", "message-too-large", "text-message-too-long", "template-not-filed", "carrier-not-configured"]
    """A constant for the kind of problem, such as address-invalid. 错误类别，如 address-invalid。"""
    column: str | None
    """The column's name; null: the whole row. 列名；整行为 null。"""
    row: int | None
    """The row as a spreadsheet numbers it, 1 is that of the names; null: the whole file. 行号，与电子表格一致，第 1 行为列名；整个文件为 null。"""
    text: str
    """The same in words, in the caller's language. 错误说明，语言与调用方一致。"""


class ListJobProblemsReply(TypedDict):
    items: list[ListJobProblemsReplyItems]
    """The problems on this page, in the order of the rows; the first 1,000 are kept, the others counted. 本页错误，按行排序；保留前 1000 条，其余只计数。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListJobsReply(TypedDict):
    items: list[CancelJobReply]
    """The jobs on this page, newest first. 本页批量任务，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListNotifyKeysReplyItems(TypedDict):
    app: str
    """The app that the key is of. 密钥所属应用。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    key_id: str
    """The key's id, such as nky_…; it is no secret. 密钥编号（nky_ 开头），不是密钥本身。"""
    kind: Literal["live", "team", "test"]
    """live sends to anybody; team to the recipients in guests; test sends nothing and says that it was delivered. 密钥类别：live 正式，可发给任何人；team 团队，只发给 guests 名单；test 测试，不实际发送，直接视为已送达。"""
    name: str
    """A name for people: small letters, digits and . _ -, up to 64. 密钥名称，小写字母、数字及 . _ -，最长 64 位。"""
    revoked_at: str | None
    """When it was revoked, UTC; null while it is good. 撤销时间（UTC）；有效为 null。"""
    service_id: str
    """The app's id in the Notify API, a UUID; the issuer of its tokens. 应用在 Notify 接口中的服务编号（UUID），即令牌的签发方。"""


class ListNotifyKeysReply(TypedDict):
    items: list[ListNotifyKeysReplyItems]
    """The keys on this page, by id; secrets are not shown. 本页密钥，按编号排序；不显示密钥内容。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListNotifyTemplatesReply(TypedDict):
    items: list[GetNotifyTemplateReply]
    """The newest versions of templates, at most 500. 各模板的最新版本，最多 500 个。"""


class ListTemplatesReplyItems(TypedDict):
    app: str | None
    """The app whose own template it is; null: the department's, for all of its apps. 模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"""
    approved_at: str | None
    """When another person than its writer approved this version, UTC; null before that. 审核通过时间（UTC），须由编写人以外的人审核；未审核为 null。"""
    body: str
    """The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out, and ((name??text)) shows that text where there is no value. 正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供，((name??默认文字)) 在未提供时显示默认文字。"""
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    locale: str
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    optional_placeholders: list[str]
    """The names that may be left without a value. 可以不提供内容的占位符名称。"""
    placeholders: list[str]
    """The names that must get a value. 必须提供内容的占位符名称。"""
    purpose: str
    """Why it is sent: code (a one-time code: urgent), notice (of the recipient's own matter), promotion (something to make known: bulk). 用途：code 验证码（优先发送），notice 通知（与收件人本人事项有关），promotion 宣传（批量发送）。"""
    subject: str | None
    """The subject line, one line of up to 200 characters; an e-mail needs it. ((name)) is a placeholder. 标题，单行，200 字以内；电子邮件模板必填。((name)) 为占位符。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


class ListTemplatesReply(TypedDict):
    items: list[ListTemplatesReplyItems]
    """The newest versions of templates, by code, channel and language. 本页模板的最新版本，按代码、渠道、语言排序。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListWebhooksReplyItems(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    events: list[str]
    """The types of events that are sent. 订阅的事件类型。"""
    key_id: str
    """The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one. 签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"""
    last_success_at: str | None
    """When the app last took an event, UTC; null when it never did. 最近一次投递成功时间（UTC）；从未成功为 null。"""
    state: Literal["active", "suspended"]
    """active, or suspended (given up until put_webhook resumes it). 回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"""
    suspended_at: str | None
    """When it was given up, UTC; null while it is active. 暂停时间（UTC）；启用中为 null。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


class ListWebhooksReply(TypedDict):
    items: list[ListWebhooksReplyItems]
    """The webhooks on this page. 本页回调地址。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class MarkReadReply(TypedDict):
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""
    read_at: str
    """When the recipient first read it, UTC; null before that. 收件人首次阅读的时间（UTC）；未读为 null。"""


PauseJobReply = CancelJobReply


class PreviewReplySize(TypedDict):
    characters: int
    """Characters as carriers count them, with the signature. 计费字数，含签名。"""
    parts: int
    """Parts that it is sent and paid as. 拆分并计费的条数。"""


class PreviewReply(TypedDict):
    app: str | None
    """The app whose own template it is; null: the department's, for all of its apps. 模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"""
    approved_at: str | None
    """When another person than its writer approved this version, UTC; null before that. 审核通过时间（UTC），须由编写人以外的人审核；未审核为 null。"""
    body: str
    """The text with the values put in. 填入内容后的正文。"""
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    locale: str
    """The language: zh-CN or en. 语言：zh-CN 或 en。"""
    missing: list[str]
    """Names that need a value and have none. 缺少内容的占位符名称。"""
    optional_placeholders: list[str]
    """The names that may be left without a value. 可以不提供内容的占位符名称。"""
    placeholders: list[str]
    """The names that must get a value. 必须提供内容的占位符名称。"""
    purpose: str
    """Why it is sent: code (a one-time code: urgent), notice (of the recipient's own matter), promotion (something to make known: bulk). 用途：code 验证码（优先发送），notice 通知（与收件人本人事项有关），promotion 宣传（批量发送）。"""
    size: PreviewReplySize | None
    """The size of a text message; null for other channels. 短信长度；其他渠道为 null。"""
    subject: str | None
    """The subject line with the values put in; null when there is none. 填入内容后的标题；没有标题为 null。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""
    unused: list[str]
    """Names of given values that the template has no place for. 已提供但模板用不到的名称。"""
    version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


class PreviewNotifyTemplateReply(TypedDict):
    body: str
    """The text with the values put in. 填入内容后的正文。"""
    channel: str
    """email or sms. 渠道：email 电子邮件，sms 短信。"""
    subject: str | None
    """The subject line with the values put in; null when there is none. 填入内容后的标题；没有标题为 null。"""
    template_id: str
    """The id of the template's first version, such as tpl_…; it names all versions. 模板第一个版本的编号（tpl_ 开头），代表全部版本。"""
    version: int
    """The version of the template, 1 and up. 模板版本号，从 1 起。"""


PutTemplateReply = ListTemplatesReplyItems


class PutWebhookReply(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    created_at: str
    """When it was made, UTC. 创建时间（UTC）。"""
    events: list[str]
    """The types of events that are sent. 订阅的事件类型。"""
    key_id: str
    """The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one. 签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"""
    last_success_at: str | None
    """When the app last took an event, UTC; null when it never did. 最近一次投递成功时间（UTC）；从未成功为 null。"""
    secret: str | None
    """The secret that signs events, shown only once: of a new webhook or a new secret; else null. 签名密钥，仅在新建或更换时返回一次；其他为 null。"""
    state: Literal["active", "suspended"]
    """active, or suspended (given up until put_webhook resumes it). 回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"""
    suspended_at: str | None
    """When it was given up, UTC; null while it is active. 暂停时间（UTC）；启用中为 null。"""
    url: str
    """The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker. 接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""


RemoveWebhookReply = ListWebhooksReplyItems


ResendWebhookReply = ListDeliveriesReplyItems


ResumeJobReply = CancelJobReply


RevokeNotifyKeyReply = ListNotifyKeysReplyItems


SendReply = CancelReply


SendByNotifyReply = GetByNotifyReply


class BulkMessageAcceptedData(TypedDict):
    channel: str
    """How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform). 发送渠道：email 电子邮件，sms 短信，inbox 站内信。"""
    failure_code: str | None
    """A constant for what went wrong last; null when nothing did. 最近一次失败的原因代码；没有失败为 null。"""
    message_id: str
    """The message's id, such as msg_…. 消息编号（msg_ 开头）。"""
    recipient_subject: str | None
    """The recipient's id in identity, such as sub_…; an inbox message needs it. 收件人在身份服务中的编号（sub_ 开头）；站内信必填。"""
    reference: str | None
    """The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No personal data. 发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。"""
    state: str
    """Where the message stands: created, scheduled (waits for its time), sending, temporary-failure (is tried again), sent, delivered, cancelled, expired, permanent-failure or technical-failure. 消息状态：created 已受理，scheduled 待定时发送，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，delivered 已送达，cancelled 已取消，expired 已过期，permanent-failure 无法送达，technical-failure 技术故障。"""
    template_code: str
    """The template's code: small letters, digits and . _ -, up to 64, such as licence-issued. 模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。"""


class EvidenceSealedData(TypedDict):
    head: str
    """Merkle root over all segments so far, 64 hex digits. 截至本段的全部封存段的默克尔根，64 位十六进制。"""
    key_id: str
    """The key that signed the head. 签署链头的密钥编号。"""
    number: int
    """Number of the segment in this log, from 1. 该日志中封存段的序号，从 1 开始。"""
    owner: str
    """The department whose log was continued. 日志所属部门。"""
    signature: str
    """Ed25519 signature of the head, in base64. 链头的 Ed25519 签名，base64 编码。"""
    statement: str
    """The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, sealed_at and key_id. 封存段声明原文（按此计算哈希）：JSON，含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"""


MessageAcceptedData = BulkMessageAcceptedData


MessageCancelledData = BulkMessageAcceptedData


MessageDeliveredData = BulkMessageAcceptedData


MessageExpiredData = BulkMessageAcceptedData


MessageFailedData = BulkMessageAcceptedData


MessageScheduledData = BulkMessageAcceptedData


MessageSentData = BulkMessageAcceptedData


UrgentMessageAcceptedData = BulkMessageAcceptedData


class WebhookSuspendedData(TypedDict):
    app: str | None
    """Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have. 通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。"""
    failure: str | None
    """A constant for the last failure, such as timeout; null when there was none. 最近一次失败的原因代码，如 timeout；没有为 null。"""
    status: int | None
    """The HTTP status of the last answer; null when there was none. 最近一次应答的 HTTP 状态码；没有应答为 null。"""
    webhook_id: str
    """The webhook's id, such as whk_…. 回调编号（whk_ 开头）。"""
