"""What the notification service is made of."""
from __future__ import annotations

from datetime import timedelta

from services.notification.adapters.smtp import SmtpMailer
from services.notification.domain.messages import RetryPolicy
from services.notification.domain.ports import Mailer
from services.notification.schemas import NotificationSettings
from services.notification.transaction import SqlNotificationTransaction
from shared_components.bus import TransactionProvider, TransactionScope


class NotificationProvider(TransactionProvider):
    settings_schema = NotificationSettings

    mailer: Mailer
    policy: RetryPolicy

    def setup(self) -> None:
        super().setup()
        self.mailer = SmtpMailer(self.settings)
        self.policy = RetryPolicy(
            max_attempts=self.settings["max_attempts"],
            first_wait=timedelta(seconds=self.settings["first_retry_s"]),
            # longer than an attempt can take: nobody else takes up a letter that is being delivered
            attempt_limit=timedelta(seconds=30 + self.settings["smtp_attempt_timeout_s"]),
        )

    def make(self, scope: TransactionScope) -> SqlNotificationTransaction:
        return SqlNotificationTransaction(scope)
