"""Work on cases by the clock."""
from __future__ import annotations

from services.matter.cases.adapters.asking import engine_of
from services.matter.cases.usecases import engine
from shared_components.bus import Transactions, every


class CaseSchedule:
    @every(seconds=2)
    def sweep(self, transactions: Transactions) -> None:
        """Retries, polls, and what a crash left behind."""
        engine.sweep(engine_of(transactions))
