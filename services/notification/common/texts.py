"""The meaning of fields that several messages have, in English and Chinese."""
from __future__ import annotations

from shared_components.contracts import text

MESSAGE_ID = text(
    "The message's id, such as msg_….",
    "消息编号（msg_ 开头）。")
CHANNEL = text(
    "How the message goes: email or inbox (the person's inbox in this platform).",
    "发送渠道：email 电子邮件，inbox 站内信。")
STATE = text(
    "Where the message stands: created, sending, temporary-failure (is tried again), sent, delivered, cancelled, "
    "permanent-failure or technical-failure.",
    "消息状态：created 已受理，sending 发送中，temporary-failure 暂时失败待重试，sent 已发出，delivered 已送达，"
    "cancelled 已取消，permanent-failure 无法送达，technical-failure 技术故障。")
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
    "The text, up to 20,000 characters. ((name)) must get a value, ((name?)) may be left out.",
    "正文，20000 字以内。((name)) 必须提供内容，((name?)) 可以不提供。")
VALUES = text(
    "What is put in for each placeholder: a text of up to 10,000 characters or a whole number; at most 100.",
    "各占位符要填入的内容：文本（10000 字以内）或整数，最多 100 项。")
