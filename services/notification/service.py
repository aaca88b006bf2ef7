"""The service class: name, version, events, and the mixins of each topic."""
from __future__ import annotations

from services.notification.callbacks.entrypoints import CallbackEntrypoints
from services.notification.callbacks.schemas import EVENTS as WEBHOOK_EVENTS
from services.notification.carriers.domain.ports import Carriers
from services.notification.inbox.entrypoints import InboxEntrypoints
from services.notification.jobs.entrypoints import JobEntrypoints
from services.notification.messages.adapters.recipients import MESSAGES
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.entrypoints import MessageEntrypoints
from services.notification.messages.scheduled import ScheduledDelivery
from services.notification.messages.schemas import EVENTS as MESSAGE_EVENTS
from services.notification.messages.usecases.learn_recipients import follow_recipient
from services.notification.notify_api.entrypoints import NotifyApiEntrypoints
from services.notification.providers import CarriersProvider, MailerProvider, NotificationProvider, WebhooksProvider
from services.notification.templates.entrypoints import TemplateEntrypoints
from shared_components.bus import Transactions, TransactionScope
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.bus.server.subject_merging import SubjectMerging
from shared_components.db.subject_aliases import NamedSubject
from shared_components.evidence_log.events import EVIDENCE_SEALED
from shared_components.webhooks.dispatch import WebhookDispatcher


class NotificationService(
    TemplateEntrypoints, MessageEntrypoints, ScheduledDelivery, InboxEntrypoints, NotifyApiEntrypoints,
    CallbackEntrypoints, JobEntrypoints, EvidenceSealing, SubjectMerging, DirectoryFollowing,
):
    """Tells people: by e-mail, by text message and in their inbox, from templates."""

    name = "notification"
    summary_zh = "按模板通过电子邮件、短信和站内信通知当事人。"
    contract_version = "5.2"
    tickets = ("gateway", "matter")
    emits = (*MESSAGE_EVENTS, *WEBHOOK_EVENTS, EVIDENCE_SEALED)
    names_subjects = (NamedSubject(MESSAGES, "message_id", "recipient_subject"),)
    transactions = NotificationProvider()
    mailer: Mailer = MailerProvider()
    carriers: Carriers = CarriersProvider()
    webhook_dispatcher: WebhookDispatcher = WebhooksProvider()

    def subject_merged(
        self, transactions: Transactions, scope: TransactionScope, merged_id: str, survivor_id: str,
    ) -> None:
        """The survivor is a recipient wherever the merged subject was one."""
        follow_recipient(transactions.provider.make(scope), merged_id, survivor_id)
