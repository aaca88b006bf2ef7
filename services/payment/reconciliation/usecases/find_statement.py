"""Find the complete statements of a day."""
from __future__ import annotations

from datetime import date

from services.payment.reconciliation.domain.errors import StatementUnknown
from services.payment.reconciliation.domain.ports import HasStatements
from services.payment.reconciliation.domain.statement import Statement
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import Transactions


def statement_of(transactions: Transactions[HasStatements], tenant: str, channel: str, day: date) -> Statement:
    """Raises StatementUnknown."""
    with transactions.begin(tenant) as tx:
        statement: Statement | None = tx.statements.complete(tenant, channel, day)
    if statement is None:
        raise StatementUnknown(Bilingual(
            f"channel {channel!r} has no complete statement of {day}; import one first",
            f"渠道“{channel}”没有 {day} 的完整对账单；请先导入"))
    return statement


def statements_of(transactions: Transactions[HasStatements], tenant: str, day: date) -> list[Statement]:
    """Complete statements of all channels. Raises StatementUnknown without any."""
    with transactions.begin(tenant) as tx:
        found: list[Statement] = tx.statements.complete_on(tenant, day)
    if not found:
        raise StatementUnknown(Bilingual(
            f"no channel has a complete statement of {day}; import one first",
            f"没有任何渠道有 {day} 的完整对账单；请先导入"))
    return found
