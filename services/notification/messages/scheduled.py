"""The scheduled work of messages."""
from __future__ import annotations

from datetime import timedelta

from services.notification.carriers.domain.ports import Carriers
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.usecases import deliver_due as sweeping
from services.notification.messages.usecases import purge as purging
from shared_components.bus import Transactions, every, side_by_side


class ScheduledDelivery:
    """Sweeps over messages that are due."""

    mailer: Mailer
    carriers: Carriers

    @every(seconds=600)
    def purge_messages(self, transactions: Transactions) -> None:
        """Forget what old messages said and to whom."""
        purging.purge_messages(transactions, kept=timedelta(days=transactions.settings["content_days"]))

    @every(seconds=5)
    def deliver_due(self, transactions: Transactions) -> None:
        """Attempt again what failed for a time, and what a crash left."""
        sweeping.deliver_due(
            transactions, self.mailer, self.carriers, limit=transactions.settings["sweep_batch"],
            hand_all=side_by_side)
