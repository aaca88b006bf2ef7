"""Work on cases by the clock."""
from __future__ import annotations

from services.matter.cases.adapters.asking import engine_of
from services.matter.cases.usecases import engine
from services.matter.cases.usecases.keep_time import keep_time
from shared_components.bus import Transactions, every


class CaseSchedule:
    @every(seconds=2)
    def sweep(self, transactions: Transactions) -> None:
        """Retries, polls, and what a crash left behind."""
        engine.sweep(engine_of(transactions))

    @every(seconds=30)
    def keep_time(self, transactions: Transactions) -> None:
        """Accept by lapse of time, warn of limits, and tell of missed ones."""
        while keep_time(transactions):
            pass
