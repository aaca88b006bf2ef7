"""domain/reconciliation.py for whole sets of lines, as SQL: whether statement, records and books agree.

Every lookup is by a key, so that a piece of lines costs the same whatever the history holds. The ledger's entry is
found by its order and then told from the order's other few by its source: under row security PostgreSQL does not look
up by an expression that is put together (`||`, coalesce), only by a plain column.
"""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, literal, null, or_, select
from sqlalchemy.sql.selectable import FromClause

from services.payment.ledger.models import LedgerEntryRow
from services.payment.orders.domain import states
from services.payment.orders.domain.payment import SETTLED
from services.payment.orders.models import ChannelPaymentRow, OrderRow, RefundRow
from services.payment.reconciliation.domain.reconciliation import (
    AMOUNT_DIFFERS,
    MATCHED,
    MISSING_HERE,
    MISSING_THERE,
    OTHERS,
    PAID_STATES,
    STATUS_DIFFERS,
)
from services.payment.reconciliation.domain.statement import (
    COMPLETE,
    FAILED,
    PAYMENT,
    PROCESSING,
    REFUND,
    SUCCEEDED,
    Statement,
)
from services.payment.reconciliation.models import StatementLineRow, StatementRow
from shared_components.db import table_of

L = table_of(StatementLineRow)
S = table_of(StatementRow)
O = table_of(OrderRow)  # noqa: E741
P = table_of(ChannelPaymentRow)
R = table_of(RefundRow)
E = table_of(LedgerEntryRow)


def payments(statement: Statement, first: int, last: int) -> Select[Any]:
    """The payments among the lines of a range, with their class and all sides."""
    settled = P.c.disposition == SETTLED
    class_ = case(
        (and_(P.c.trade_no.is_not(None), P.c.tenant_id != L.c.tenant_id), OTHERS),
        (and_(P.c.trade_no.is_(None), O.c.tenant_id != L.c.tenant_id), OTHERS),
        (P.c.trade_no.is_(None), case((L.c.status == SUCCEEDED, MISSING_HERE), else_=MATCHED)),
        (or_(L.c.status != SUCCEEDED, P.c.order_id != L.c.order_id), STATUS_DIFFERS),
        (and_(settled, or_(O.c.order_id.is_(None), O.c.state.not_in(PAID_STATES))), STATUS_DIFFERS),
        (or_(L.c.amount_minor != P.c.amount_minor, L.c.currency != P.c.currency), AMOUNT_DIFFERS),
        (and_(settled, O.c.paid_minor != L.c.amount_minor), AMOUNT_DIFFERS),
        *_ledger_classes(),
        else_=MATCHED,
    )
    joined = (
        L.outerjoin(P, and_(P.c.channel == L.c.channel, P.c.trade_no == L.c.number))
        .outerjoin(O, O.c.order_id == L.c.order_id)
        .outerjoin(E, _payments_entry())
    )
    return _of_lines(joined, statement, first, last, PAYMENT, class_).add_columns(
        L.c.order_id.label("order_id"),
        P.c.amount_minor.label("here_minor"), P.c.currency.label("here_currency"),
        P.c.disposition.label("here_status"), O.c.state.label("order_state"),
        O.c.amount_minor.label("order_minor"), E.c.amount_minor.label("ledger_minor"),
    )


def refunds(statement: Statement, first: int, last: int) -> Select[Any]:
    """A refund is known by trade and number: our number on another trade is not our refund."""
    class_ = case(
        (and_(R.c.refund_id.is_not(None), R.c.tenant_id != L.c.tenant_id), OTHERS),
        (and_(R.c.refund_id.is_(None), O.c.tenant_id != L.c.tenant_id), OTHERS),
        (R.c.refund_id.is_(None), case((L.c.status == FAILED, MATCHED), else_=MISSING_HERE)),
        (and_(L.c.trade_no != "", R.c.trade_no != L.c.trade_no), STATUS_DIFFERS),
        (and_(L.c.status != PROCESSING, R.c.state != L.c.status), STATUS_DIFFERS),
        (or_(L.c.amount_minor != R.c.amount_minor, L.c.currency != R.c.currency), AMOUNT_DIFFERS),
        (R.c.state != states.SUCCEEDED, MATCHED),
        *_ledger_classes(),
        else_=MATCHED,
    )
    joined = (
        L.outerjoin(R, R.c.refund_id == L.c.number)
        .outerjoin(O, O.c.order_id == L.c.order_id)
        .outerjoin(E, _refunds_entry())
    )
    return _of_lines(joined, statement, first, last, REFUND, class_).add_columns(
        L.c.order_id.label("order_id"),
        R.c.amount_minor.label("here_minor"), R.c.currency.label("here_currency"), R.c.state.label("here_status"),
        O.c.state.label("order_state"), O.c.amount_minor.label("order_minor"),
        E.c.amount_minor.label("ledger_minor"),
    )


def payments_not_there(statement: Statement, since: datetime, until: datetime) -> Select[Any]:
    """Money that we heard of in that time and that no complete statement of the channel has."""
    joined = P.outerjoin(O, O.c.order_id == P.c.order_id).outerjoin(E, _payments_entry())
    return _of_records(joined, P, PAYMENT, P.c.trade_no).where(
        P.c.tenant_id == statement.tenant, P.c.channel == statement.channel,
        P.c.received_at >= since, P.c.received_at < until, ~has_line(P, PAYMENT, P.c.trade_no, P.c.trade_no),
    ).add_columns(
        P.c.amount_minor.label("here_minor"), P.c.currency.label("here_currency"),
        P.c.disposition.label("here_status"), O.c.state.label("order_state"),
        O.c.amount_minor.label("order_minor"), E.c.amount_minor.label("ledger_minor"),
    )


def refunds_not_there(statement: Statement, since: datetime, until: datetime) -> Select[Any]:
    joined = R.outerjoin(O, O.c.order_id == R.c.order_id).outerjoin(E, _refunds_entry())
    return _of_records(joined, R, REFUND, R.c.refund_id).where(
        R.c.tenant_id == statement.tenant, R.c.channel == statement.channel, R.c.state == states.SUCCEEDED,
        R.c.completed_at.is_not(None),
        R.c.completed_at >= since, R.c.completed_at < until, ~has_line(R, REFUND, R.c.refund_id, R.c.trade_no),
    ).add_columns(
        R.c.amount_minor.label("here_minor"), R.c.currency.label("here_currency"), R.c.state.label("here_status"),
        O.c.state.label("order_state"), O.c.amount_minor.label("order_minor"),
        E.c.amount_minor.label("ledger_minor"),
    )


def has_line(
    record: FromClause, kind: str | ColumnElement[str], number: ColumnElement[Any], trade_no: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether any complete statement of the record's channel has a line for it, whatever its day.

    A side that was kept without the trade is compared by the number alone.
    A scalar and not EXISTS, which PostgreSQL would turn into a join of the whole statement.
    """
    same_trade = or_(L.c.trade_no == "", trade_no == "", L.c.trade_no == trade_no)
    found = select(literal(1)).where(
        L.c.tenant_id == record.c.tenant_id, L.c.channel == record.c.channel, L.c.kind == kind,
        L.c.number == number, same_trade, S.c.statement_id == L.c.statement_id, S.c.state == COMPLETE,
    )
    return found.limit(1).correlate(record).scalar_subquery().is_not(None)


def _payments_entry() -> ColumnElement[bool]:
    source = case(
        (P.c.disposition == SETTLED, literal("order-paid/") + P.c.order_id),
        else_=literal("late-money/") + P.c.channel + literal("/") + P.c.trade_no,
    )
    return and_(E.c.order_id == P.c.order_id, E.c.tenant_id == P.c.tenant_id, E.c.source == source)


def _refunds_entry() -> ColumnElement[bool]:
    source = literal("refund-done/") + R.c.refund_id
    return and_(E.c.order_id == R.c.order_id, E.c.tenant_id == R.c.tenant_id, E.c.source == source)


def _ledger_classes() -> list[tuple[ColumnElement[bool], str]]:
    return [(E.c.entry_id.is_(None), MISSING_HERE), (E.c.amount_minor != L.c.amount_minor, AMOUNT_DIFFERS)]


def _of_lines(
    joined: FromClause, statement: Statement, first: int, last: int, kind: str, class_: ColumnElement[Any]
) -> Select[Any]:
    return select(
        L.c.kind.label("kind"), L.c.trade_no.label("trade_no"), L.c.number.label("number"), class_.label("class"),
        L.c.statement_id.label("statement_id"), L.c.line_no.label("line_no"), L.c.amount_minor.label("there_minor"),
        L.c.currency.label("there_currency"), L.c.status.label("there_status"), L.c.fee_minor.label("fee_minor"),
    ).select_from(joined).where(
        L.c.statement_id == statement.statement_id, L.c.line_no.between(first, last), L.c.kind == kind
    )


def _of_records(joined: FromClause, record: FromClause, kind: str, number: ColumnElement[Any]) -> Select[Any]:
    return select(
        literal(kind).label("kind"), record.c.trade_no.label("trade_no"), number.label("number"),
        literal(MISSING_THERE).label("class"),
        _nothing(L.c.statement_id, "statement_id"), _nothing(L.c.line_no, "line_no"),
        _nothing(L.c.amount_minor, "there_minor"), _nothing(L.c.currency, "there_currency"),
        _nothing(L.c.status, "there_status"), _nothing(L.c.fee_minor, "fee_minor"),
        record.c.order_id.label("order_id"),
    ).select_from(joined)


def _nothing(like: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """NULL of that column's type; PostgreSQL takes a bare one for text."""
    return cast(null(), like.type).label(name)
