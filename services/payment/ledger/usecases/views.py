"""Views of the ledger."""
from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from services.payment.ledger.domain.ledger import Balance, Entry


class EntryView(TypedDict):
    entry_id: str
    source: str
    debit_account: str
    credit_account: str
    amount_minor: int
    currency: str
    order_id: str
    refund_id: str | None
    posted_at: datetime
    business_day: date | None


class BalanceView(TypedDict):
    account: str
    debit_minor: int
    credit_minor: int
    balance_minor: int


def entry(entry: Entry) -> EntryView:
    return {
        "entry_id": entry.entry_id,
        "source": entry.source,
        "debit_account": entry.debit_account,
        "credit_account": entry.credit_account,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "order_id": entry.order_id,
        "refund_id": entry.refund_id,
        "posted_at": entry.posted_at,
        "business_day": entry.business_day,
    }


def balance(balance: Balance) -> BalanceView:
    return {
        "account": balance.account,
        "debit_minor": balance.debit_minor,
        "credit_minor": balance.credit_minor,
        "balance_minor": balance.balance_minor,
    }
