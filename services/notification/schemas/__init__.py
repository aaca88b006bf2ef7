"""The contract with the world, and the service's settings."""
from services.notification.schemas.messages import (
    FindMessages,
    Inbox,
    InboxItem,
    InboxItems,
    MessageEvent,
    MessageId,
    MessageList,
    ReadMark,
    Send,
    Sent,
)
from services.notification.schemas.settings import (
    NotificationSettings,
)
from services.notification.schemas.templates import (
    ListTemplates,
    Preview,
    PreviewReply,
    PutTemplate,
    Template,
    TemplateList,
)

__all__ = [
    "FindMessages",
    "Inbox",
    "InboxItem",
    "InboxItems",
    "ListTemplates",
    "MessageEvent",
    "MessageId",
    "MessageList",
    "NotificationSettings",
    "Preview",
    "PreviewReply",
    "PutTemplate",
    "ReadMark",
    "Send",
    "Sent",
    "Template",
    "TemplateList",
]
