"""Compare what a channel's statement says with our orders and refunds and with the ledger.

The SQL of adapters/sql/matching.py says the same as `payment_class` and `refund_class` for whole sets of lines;
a property test holds the two together.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from services.payment.orders.domain import states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.payment import SETTLED, ChannelPayment
from services.payment.orders.domain.refund import Refund
from services.payment.reconciliation.domain.statement import FAILED, PROCESSING, REFUND, SUCCEEDED, StatementLine
from shared_components.kernel.states import Edge, StateMachine

MATCHED = "matched"
MISSING_HERE, MISSING_THERE = "missing_here", "missing_there"
AMOUNT_DIFFERS, STATUS_DIFFERS = "amount_differs", "status_differs"
DIFFERENCES = (MISSING_HERE, MISSING_THERE, AMOUNT_DIFFERS, STATUS_DIFFERS)
OTHERS = "others"
"""A line of another tenant that shares the account at the channel: counted, never shown."""
CLASSES = (MATCHED, *DIFFERENCES, OTHERS)

PAID_STATES = (states.PAID, states.PARTIALLY_REFUNDED, states.REFUNDED)
OPEN_REFUND = (states.REQUESTED, states.SUBMITTED)

LONGEST_DIFFERENCE_ID = 160
OPEN, RESOLVED = "open", "resolved"
BY_ITSELF = "reconciliation"
"""Who has resolved what a later run no longer finds."""

DIFFERENCE = StateMachine(
    "difference",
    OPEN,
    [
        Edge(OPEN, RESOLVED, "difference-resolved"),
        # Its facts have changed since a person closed it, or it is back after it had gone.
        Edge(RESOLVED, OPEN, "difference-reopened"),
    ],
)


class Tally(NamedTuple):
    """Lines of a kind and class. there_minor and fee_minor: summed up from the statement; here_minor: from our records.
    """

    kind: str
    class_: str
    lines: int
    there_minor: int
    here_minor: int
    fee_minor: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One payment or refund on which the sides do not agree; all fields of a side without a record are None.

    difference_id: `<channel>/payment/<number>`, `<channel>/refund/<trade_no>/<number>`, so that finding it again finds
    the same. trade_no: the channel's number of the payment; empty where a refund was kept without it.
    here_minor: our record of the channel's money, or the refund; here_status: its disposition, or the refund's state.
    ledger_minor: what the books say. day: the statement's, or the day on which we heard of it.
    """

    difference_id: str
    tenant: str
    channel: str
    day: date
    kind: str
    number: str
    class_: str
    state: str
    found_at: datetime
    order_id: str | None = None
    statement_id: str | None = None
    line_no: int | None = None
    there_minor: int | None = None
    there_currency: str | None = None
    there_status: str | None = None
    here_minor: int | None = None
    here_currency: str | None = None
    here_status: str | None = None
    order_state: str | None = None
    order_minor: int | None = None
    ledger_minor: int | None = None
    asked_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    note: str | None = None
    trade_no: str = ""


def difference_id(channel: str, kind: str, number: str, trade_no: str) -> str:
    return f"{channel}/{kind}/{trade_no}/{number}" if kind == REFUND and trade_no else f"{channel}/{kind}/{number}"


def payment_source(payment: ChannelPayment) -> str:
    """Under which name the ledger has posted it."""
    if payment.disposition == SETTLED:
        return f"order-paid/{payment.order_id}"
    return f"late-money/{payment.channel}/{payment.trade_no}"


def refund_source(refund: Refund) -> str:
    return f"refund-done/{refund.refund_id}"


def payment_class(
    line: StatementLine, tenant: str, payment: ChannelPayment | None, order: Order | None, ledger_minor: int | None
) -> str:
    """payment: our record of the trade; order: the one that the line names."""
    if _is_of_another(tenant, payment or order):
        return OTHERS
    if payment is None:
        return MISSING_HERE if line.status == SUCCEEDED else MATCHED
    if line.status != SUCCEEDED or payment.order_id != line.order_id:
        return STATUS_DIFFERS
    settled = payment.disposition == SETTLED
    if settled and (order is None or order.state not in PAID_STATES):
        return STATUS_DIFFERS
    if (line.amount_minor, line.currency) != (payment.amount_minor, payment.currency):
        return AMOUNT_DIFFERS
    if settled and order is not None and order.paid_minor != line.amount_minor:
        return AMOUNT_DIFFERS
    return _ledger_class(line, ledger_minor)


def refund_class(
    line: StatementLine, tenant: str, refund: Refund | None, order: Order | None, ledger_minor: int | None
) -> str:
    """order: the one that the line names.

    A refund is known by trade and number: our number on another trade is not our refund.
    A statement is drawn up once: a refund that was being made then may be concluded by now, so `processing` agrees
    with every state of ours.
    """
    if _is_of_another(tenant, refund or order):
        return OTHERS
    if refund is None:
        return MATCHED if line.status == FAILED else MISSING_HERE
    if line.trade_no and refund.trade_no != line.trade_no:
        return STATUS_DIFFERS
    if line.status != PROCESSING and refund.state != line.status:
        return STATUS_DIFFERS
    if (line.amount_minor, line.currency) != (refund.amount_minor, refund.currency):
        return AMOUNT_DIFFERS
    return _ledger_class(line, ledger_minor) if refund.state == states.SUCCEEDED else MATCHED


def _is_of_another(tenant: str, record: ChannelPayment | Refund | Order | None) -> bool:
    return record is not None and record.tenant != tenant


def _ledger_class(line: StatementLine, ledger_minor: int | None) -> str:
    if ledger_minor is None:
        return MISSING_HERE
    return MATCHED if ledger_minor == line.amount_minor else AMOUNT_DIFFERS
