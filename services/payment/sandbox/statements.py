"""The sandbox's statement of a day, payments by when they were made, refunds by when they were asked."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from services.payment.reconciliation.adapters.statement_files.zhongtai import write
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE, PAYMENT, REFUND, SUCCEEDED, StatementLine
from services.payment.sandbox.books import Books


def statement(books: Books, day: date) -> str:
    """CSV, docs/guides/statement-format.md."""
    return "".join(write(day, _lines(books, day)))


def _lines(books: Books, day: date) -> Iterator[tuple[StatementLine, str]]:
    for payment in books.payments.values():
        if payment.paid_at is not None and _is_on(payment.paid_at, day):
            yield StatementLine(
                0, PAYMENT, payment.trade_no, payment.out_trade_no, payment.amount_minor, payment.currency, SUCCEEDED,
                payment.paid_at.astimezone(CHANNEL_ZONE),
            ), payment.trade_no
    for refund in books.refunds.values():
        if _is_on(refund.accepted_at, day):
            yield StatementLine(
                0, REFUND, refund.refund_id, refund.payment.out_trade_no, refund.amount_minor, refund.payment.currency,
                refund.state, refund.accepted_at.astimezone(CHANNEL_ZONE),
            ), refund.payment.trade_no


def _is_on(at: datetime, day: date) -> bool:
    return at.astimezone(CHANNEL_ZONE).date() == day
