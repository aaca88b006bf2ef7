"""Requests, replies and events of ledger."""
from services.payment.ledger.schemas.books import (
    AccountStatement,
    CloseDay,
    ClosedDay,
    DatedEntry,
    DayBalance,
    GetAccountStatement,
)
from services.payment.ledger.schemas.ledger import (
    AccountBalance,
    Entries,
    Entry,
    GetTrialBalance,
    ListEntries,
    TrialBalance,
)
from services.payment.ledger.schemas.settlement import GetSettlement, Settlement, SettlementSums, UnitSettlement

__all__ = [
    "AccountBalance",
    "AccountStatement",
    "CloseDay",
    "ClosedDay",
    "DatedEntry",
    "DayBalance",
    "Entries",
    "Entry",
    "GetAccountStatement",
    "GetSettlement",
    "GetTrialBalance",
    "ListEntries",
    "Settlement",
    "SettlementSums",
    "TrialBalance",
    "UnitSettlement",
]
