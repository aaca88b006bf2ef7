"""The SQL transaction that the use cases of notification work in."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from services.notification.callbacks.adapters.sql import SqlAppDeliveries, SqlAppWebhooks
from services.notification.carriers.domain.ports import CarrierFacts
from services.notification.inbox.adapters.inboxes import SqlInboxes
from services.notification.jobs.adapters.jobs import SqlJobs
from services.notification.messages.adapters.code_limits import SqlCodeLimits
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.messages import SqlMessages
from services.notification.messages.adapters.recipients import SqlRecipients, SqlWaitingMessages
from services.notification.messages.domain.message import RetryPolicy
from services.notification.notify_api.adapters.keys import SqlNotifyKeys
from services.notification.notify_api.adapters.messages import SqlSentMessages
from services.notification.notify_api.adapters.templates import SqlIdentifiedTemplates
from services.notification.templates.adapters.filings import SqlFilings
from services.notification.templates.adapters.templates import SqlTemplates
from shared_components.db.scope import Scope
from shared_components.webhooks.targets import TargetPolicy


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """receipt_wait: for a receipt where a carrier cannot be asked. approval_required: of templates, for production.

    webhook_targets: what webhooks may be sent to; nothing, unless the settings say otherwise.
    """

    retries: RetryPolicy
    receipt_wait: timedelta = timedelta(minutes=10)
    approval_required: bool = False
    webhook_targets: TargetPolicy = field(default_factory=TargetPolicy)


class SqlNotificationTransaction:
    """Satisfies the Protocol of every use case."""

    def __init__(self, scope: Scope, policy: SendingPolicy, carriers: CarrierFacts) -> None:
        encryption = FieldEncryption(scope.secrets)
        self.clock = scope.clock
        self.events = scope.events
        self.retry_policy = policy.retries
        self.receipt_wait = policy.receipt_wait
        self.approval_required = policy.approval_required
        self.carriers = carriers
        self.templates = SqlTemplates(scope.session)
        self.filings = SqlFilings(scope.session)
        self.messages = SqlMessages(scope.session, encryption)
        self.code_limits = SqlCodeLimits(scope.session, scope.secrets)
        self.inboxes = SqlInboxes(scope.session, encryption)
        self.recipients = SqlRecipients(scope.session)
        self.waiting = SqlWaitingMessages(scope.session)
        self.notify_keys = SqlNotifyKeys(scope.session, scope.secrets)
        self.sent_messages = SqlSentMessages(scope.session, encryption)
        self.identified_templates = SqlIdentifiedTemplates(scope.session)
        self.jobs = SqlJobs(scope.session, scope.secrets)
        self.webhooks = SqlAppWebhooks(scope.session, scope.secrets)
        self.deliveries = SqlAppDeliveries(scope.session, scope.secrets)
        self.webhook_targets = policy.webhook_targets
