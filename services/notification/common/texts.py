"""The meaning of fields that several messages have, in English and Chinese."""
from __future__ import annotations

from shared_components.contracts import text

MESSAGE_ID = text(
    "The message's id, such as msg_….",
    "消息编号（msg_ 开头）。")
CHANNEL = text(
    "How the message goes: email, sms (a text message) or inbox (the person's inbox in this platform).",
    "发送渠道：email 电子邮件，sms 短信，inbox 站内信。")
STATE = text(
    "Where the message stands: created, scheduled (waits for its time), sending, temporary-failure (is tried again), "
    "sent, delivered, cancelled, expired, permanent-failure or technical-failure.",
    "消息状态：created 已受理，scheduled 待定时发送，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，"
    "delivered 已送达，cancelled 已取消，expired 已过期，permanent-failure 无法送达，technical-failure 技术故障。")
TEMPLATE_CODE = text(
    "The template's code: small letters, digits and . _ -, up to 64, such as licence-issued.",
    "模板代码，小写字母、数字及 . _ -，最长 64 位，如 licence-issued。")
LOCALE = text(
    "The language: zh-CN or en.",
    "语言：zh-CN 或 en。")
REFERENCE = text(
    "The sender's own number, such as a case's id, up to 128 characters; it comes back in replies and events. No "
    "personal data.",
    "发送方自定的关联编号，如办件编号，128 字以内，会在返回和事件中原样带回；不得含个人信息。")
RECIPIENT_SUBJECT = text(
    "The recipient's id in identity, such as sub_…; an inbox message needs it.",
    "收件人在身份服务中的编号（sub_ 开头）；站内信必填。")
FAILURE_CODE = text(
    "A constant for what went wrong last; null when nothing did.",
    "最近一次失败的原因代码；没有失败为 null。")
CREATED_AT = text(
    "When it was made, UTC.",
    "创建时间（UTC）。")
DELIVERED_AT = text(
    "When it reached the recipient's inbox, UTC; null before that.",
    "送达收件箱的时间（UTC）；未送达为 null。")
READ_AT = text(
    "When the recipient first read it, UTC; null before that.",
    "收件人首次阅读的时间（UTC）；未读为 null。")
SUBJECT = text(
    "The subject line, one line of up to 200 characters; an e-mail needs it. ((name)) is a placeholder.",
    "标题，单行，200 字以内；电子邮件模板必填。((name)) 为占位符。")
BODY = text(
    "The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out, and ((name??text)) shows "
    "that text where there is no value.",
    "正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供，((name??默认文字)) 在未提供时显示默认文字。")
VALUES = text(
    "What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100.",
    "各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。")
MESSAGE_CLASS = text(
    "How soon it is to go: urgent, normal or bulk; each has queues and workers of its own. Null takes the template's: "
    "codes are urgent, promotions bulk.",
    "发送级别：urgent 优先，normal 普通，bulk 批量，队列和处理相互独立；null 按模板用途（验证码优先，宣传批量）。")
PURPOSE = text(
    "Why it is sent: code (a one-time code: urgent), notice (of the recipient's own matter), promotion (something to "
    "make known: bulk).",
    "用途：code 验证码（优先发送），notice 通知（与收件人本人事项有关），promotion 宣传（批量发送）。")
VERSION = text(
    "The version of the template, 1 and up.",
    "模板版本号，从 1 起。")
TEMPLATE_APP = text(
    "The app whose own template it is; null: the caller's own, else the department's.",
    "模板所属应用；null 先取调用方自己的模板，没有则取部门公用模板。")
APPROVED_AT = text(
    "When another person than its writer approved this version, UTC; null before that.",
    "审核通过时间（UTC），须由编写人以外的人审核；未审核为 null。")
PROVIDER = text(
    "The provider of text messages: sandbox, aliyun or tencent.",
    "短信服务商：sandbox、aliyun 或 tencent。")
PROVIDER_TEMPLATE_ID = text(
    "The provider's number of the filed text, 1 to 64 letters, digits, _ and -, such as SMS_123456789.",
    "服务商给出的模板编号，1 至 64 位字母、数字、_ 或 -，如 SMS_123456789。")
SIGNATURE = text(
    "The signature that was filed with it, 1 to 20 characters without brackets; null takes the platform's.",
    "报备的短信签名，1 至 20 字，不含括号；null 用平台默认签名。")
FILING_STATE = text(
    "How far the filing is: pending, filed or refused; only filed texts are sent.",
    "报备状态：pending 审核中，filed 已通过，refused 未通过；只有已通过的才能发送。")
