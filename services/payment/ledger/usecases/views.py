"""Views of the ledger."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment.ledger.domain.ledger import Balance, Entry


def entry(entry: Entry) -> Mapping[str, Any]:
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


def balance(balance: Balance) -> Mapping[str, Any]:
    return {
        "account": balance.account,
        "debit_minor": balance.debit_minor,
        "credit_minor": balance.credit_minor,
        "balance_minor": balance.balance_minor,
    }
