"""Views of statements and of differences."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from services.payment.reconciliation.domain.reconciliation import Difference
from services.payment.reconciliation.domain.statement import ClassSum, ImportFailure, Statement, Summary


class StatementView(TypedDict):
    statement_id: str
    channel: str
    date: date
    format: str
    digest: str
    state: str
    imported_at: datetime
    currency: str
    line_count: int
    payment_count: int
    payments_minor: int
    refund_count: int
    refunds_minor: int
    fees_minor: int | None
    failure: ImportFailure | None
    reconciled_at: datetime | None
    open_count: int | None


class ReconciliationView(Summary):
    statement_id: str
    channel: str
    date: date
    currency: str
    line_count: int
    reconciled_at: datetime | None
    asked_count: int


class StatementSide(TypedDict):
    amount_minor: int
    currency: str | None
    status: str | None
    statement_id: str | None
    line: int | None


class RecordSide(TypedDict):
    amount_minor: int
    currency: str | None
    status: str | None


class OrderSide(TypedDict):
    state: str
    amount_minor: int | None


DifferenceView = TypedDict("DifferenceView", {
    "difference_id": str, "channel": str, "date": date, "kind": str, "class": str, "state": str, "trade_no": str | None,
    "number": str, "order_id": str | None, "there": StatementSide | None, "here": RecordSide | None,
    "order": OrderSide | None, "ledger_minor": int | None, "found_at": datetime, "asked_at": datetime | None,
    "resolved_at": datetime | None, "resolved_by": str | None, "note": str | None,
})


def statement(statement: Statement) -> StatementView:
    return {
        "statement_id": statement.statement_id,
        "channel": statement.channel,
        "date": statement.day,
        "format": statement.format,
        "digest": statement.digest,
        "state": statement.state,
        "imported_at": statement.imported_at,
        "currency": statement.currency,
        "line_count": statement.line_count,
        "payment_count": statement.payment_count,
        "payments_minor": statement.payments_minor,
        "refund_count": statement.refund_count,
        "refunds_minor": statement.refunds_minor,
        "fees_minor": statement.fees_minor,
        "failure": statement.failure,
        "reconciled_at": statement.reconciled_at,
        "open_count": statement.summary.get("open_count") if statement.summary else None,
    }


def summary(
    sums: Mapping[tuple[str, str], Sequence[int]], open_count: int, fees_minor: int | None
) -> Summary:
    return {
        "open_count": open_count,
        "fees_minor": fees_minor,
        "classes": [
            _class_sum(kind, class_, *values) for (kind, class_), values in sums.items()
        ],
    }


def _class_sum(kind: str, class_: str, count: int, there_minor: int, here_minor: int, fee_minor: int) -> ClassSum:
    return {
        "kind": kind, "class": class_, "count": count, "there_minor": there_minor, "here_minor": here_minor,
        "fee_minor": fee_minor,
    }


def reconciliation(statement: Statement, summary: Summary, *, asked: int) -> ReconciliationView:
    return {
        "statement_id": statement.statement_id,
        "channel": statement.channel,
        "date": statement.day,
        "currency": statement.currency,
        "line_count": statement.line_count,
        "reconciled_at": statement.reconciled_at,
        "asked_count": asked,
        **summary,
    }


def difference(difference: Difference) -> DifferenceView:
    """A side that has nothing of it is null."""
    return {
        "difference_id": difference.difference_id,
        "channel": difference.channel,
        "date": difference.day,
        "kind": difference.kind,
        "class": difference.class_,
        "state": difference.state,
        "trade_no": difference.trade_no or None,
        "number": difference.number,
        "order_id": difference.order_id,
        "there": None if difference.there_minor is None else {
            "amount_minor": difference.there_minor,
            "currency": difference.there_currency,
            "status": difference.there_status,
            "statement_id": difference.statement_id,
            "line": difference.line_no,
        },
        "here": None if difference.here_minor is None else {
            "amount_minor": difference.here_minor,
            "currency": difference.here_currency,
            "status": difference.here_status,
        },
        "order": None if difference.order_state is None else {
            "state": difference.order_state, "amount_minor": difference.order_minor,
        },
        "ledger_minor": difference.ledger_minor,
        "found_at": difference.found_at,
        "asked_at": difference.asked_at,
        "resolved_at": difference.resolved_at,
        "resolved_by": difference.resolved_by,
        "note": difference.note,
    }
