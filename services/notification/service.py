"""The service class: name, version, events, and the mixins of each topic."""
from __future__ import annotations

from services.notification.inbox.entrypoints import InboxEntrypoints
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.entrypoints import MessageEntrypoints
from services.notification.messages.scheduled import ScheduledDelivery
from services.notification.messages.schemas import EVENTS as MESSAGE_EVENTS
from services.notification.providers import MailerProvider, NotificationProvider
from services.notification.templates.entrypoints import TemplateEntrypoints
from shared_components.bus.server.directory_following import DirectoryFollowing


class NotificationService(
    TemplateEntrypoints, MessageEntrypoints, ScheduledDelivery, InboxEntrypoints, DirectoryFollowing,
):
    """Tells people: by e-mail and in their inbox, from templates."""

    name = "notification"
    summary_zh = "按模板通过电子邮件和站内信通知当事人。"
    contract_version = "4.0"
    tickets = ("gateway", "matter")
    emits = MESSAGE_EVENTS
    transactions = NotificationProvider()
    mailer: Mailer = MailerProvider()
