"""One transaction, as the use cases see it."""
from __future__ import annotations

from services.notification.adapters.messages import SqlMessages
from services.notification.adapters.templates import SqlTemplates
from shared_components.bus import TransactionScope


class SqlNotificationTransaction:
    def __init__(self, scope: TransactionScope) -> None:
        self.templates = SqlTemplates(scope.session)
        self.messages = SqlMessages(scope.session, scope.secrets)
        self.events = scope.events
        self.clock = scope.clock
