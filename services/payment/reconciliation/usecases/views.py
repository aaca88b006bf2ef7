"""Views of statements and of differences."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.payment.reconciliation.domain.reconciliation import Difference
from services.payment.reconciliation.domain.statement import Statement

CLASS_SUMS = ("count", "there_minor", "here_minor", "fee_minor")


def statement(statement: Statement) -> Mapping[str, Any]:
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
) -> Mapping[str, Any]:
    return {
        "open_count": open_count,
        "fees_minor": fees_minor,
        "classes": [
            {"kind": kind, "class": class_, **dict(zip(CLASS_SUMS, values, strict=True))}
            for (kind, class_), values in sums.items()
        ],
    }


def reconciliation(statement: Statement, *, asked: int) -> Mapping[str, Any]:
    return {
        "statement_id": statement.statement_id,
        "channel": statement.channel,
        "date": statement.day,
        "currency": statement.currency,
        "line_count": statement.line_count,
        "reconciled_at": statement.reconciled_at,
        "asked_count": asked,
        **statement.summary,
    }


def difference(difference: Difference) -> Mapping[str, Any]:
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
