"""List statements and what became of them."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.payment.reconciliation.domain.ports import HasStatements
from services.payment.reconciliation.usecases import views
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

STATEMENTS = PagedList[str]("payment.list_statements", str)


@dataclass(frozen=True, slots=True)
class ListStatements:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    channel: str | None = None
    day: date | None = None
    state: str | None = None


def list_statements(tx: HasStatements, command: ListStatements, context: CallContext) -> PageView[views.StatementView]:
    page = STATEMENTS.asked(command, context.tenant)
    found = tx.statements.page(
        context.tenant, channel=command.channel, day=command.day, state=command.state,
        before=page.after, limit=page.fetch,
    )
    return page.view(found, view=views.statement, key=lambda each: each.statement_id)
