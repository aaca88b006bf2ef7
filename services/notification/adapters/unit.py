"""One transaction, as the use cases see it."""
from __future__ import annotations

from services.notification.adapters.messages import SqlMessages
from services.notification.adapters.templates import SqlTemplates
from shared_components.bus import UnitScope


class SqlNotificationUnit:
    def __init__(self, scope: UnitScope) -> None:
        self.templates = SqlTemplates(scope.session)
        self.messages = SqlMessages(scope.session, scope.secrets)
        self.events = scope.events
        self.clock = scope.clock
