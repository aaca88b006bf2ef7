"""Reconcile a day that one call can work through."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.payment.channels.domain.ports import Channels
from services.payment.reconciliation.domain.errors import StatementTooLarge
from services.payment.reconciliation.usecases import views
from services.payment.reconciliation.usecases.find_statement import statement_of
from services.payment.reconciliation.usecases.reconcile import ReconcileTx, reconcile
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import Transactions

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CALL_LINES = 50_000
CALL_ASK_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reconcile:
    channel: str
    day: date


def reconcile_small_day(
    transactions: Transactions[ReconcileTx], channels: Channels, command: Reconcile, context: CallContext
) -> views.ReconciliationView:
    """Reconcile a day that one call can work through. Raises StatementUnknown, StatementTooLarge."""
    statement = statement_of(transactions, context.tenant, command.channel, command.day)
    if statement.line_count > CALL_LINES:
        instead = f"zhongtai payment reconcile {command.day} --channel {command.channel}"
        raise StatementTooLarge(
            Bilingual(
                f"statement {statement.statement_id} has {statement.line_count} lines; {CALL_LINES} "
                "are allowed in a call, "
                f"any number by `{instead}`",
                f"对账单 {statement.statement_id} 有 {statement.line_count} 行；一次调用允许 {CALL_LINES} 行，"
                f"更多的请用 `{instead}`"),
            details={"command": instead, "allowed_lines": CALL_LINES},
        )
    return reconcile(transactions, channels, statement, ask_limit=CALL_ASK_LIMIT)
