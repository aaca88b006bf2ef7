"""The SQL transaction that the use cases of notification work in."""
from __future__ import annotations

from services.notification.inbox.adapters.inboxes import SqlInboxes
from services.notification.messages.adapters.field_encryption import FieldEncryption
from services.notification.messages.adapters.messages import SqlMessages
from services.notification.messages.adapters.recipients import SqlRecipients, SqlWaitingMessages
from services.notification.messages.domain.message import RetryPolicy
from services.notification.templates.adapters.templates import SqlTemplates
from shared_components.db.scope import Scope


class SqlNotificationTransaction:
    """Satisfies the Protocol of every use case."""

    def __init__(self, scope: Scope, retry_policy: RetryPolicy) -> None:
        encryption = FieldEncryption(scope.secrets)
        self.clock = scope.clock
        self.events = scope.events
        self.retry_policy = retry_policy
        self.templates = SqlTemplates(scope.session)
        self.messages = SqlMessages(scope.session, encryption)
        self.inboxes = SqlInboxes(scope.session, encryption)
        self.recipients = SqlRecipients(scope.session)
        self.waiting = SqlWaitingMessages(scope.session)
