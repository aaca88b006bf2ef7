"""The SQL transaction that the use cases of notification work in."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.notification.carriers.domain.ports import CarrierFacts
from services.notification.inbox.adapters.inboxes import SqlInboxes
from services.notification.messages.adapters.code_limits import SqlCodeLimits
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.messages import SqlMessages
from services.notification.messages.adapters.recipients import SqlRecipients, SqlWaitingMessages
from services.notification.messages.domain.message import RetryPolicy
from services.notification.templates.adapters.filings import SqlFilings
from services.notification.templates.adapters.templates import SqlTemplates
from shared_components.db.scope import Scope


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """receipt_wait: for a receipt where a carrier cannot be asked. approval_required: of templates, for production."""

    retries: RetryPolicy
    receipt_wait: timedelta = timedelta(minutes=10)
    approval_required: bool = False


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
