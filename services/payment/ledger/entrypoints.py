"""Entrypoints of the ledger."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.payment.common.domain.callers import FINANCE
from services.payment.ledger import schemas
from services.payment.ledger.adapters.metrics import count_refused_books
from services.payment.ledger.domain.errors import BooksDiffer, DayClosed, DayNotOver, PeriodInvalid
from services.payment.ledger.domain.ports import HasBooks, HasLedger
from services.payment.ledger.usecases import account_statement, close_day, close_days, ledger, settlement
from services.payment.ledger.usecases.account_statement import AccountStatementView, GetAccountStatement
from services.payment.ledger.usecases.close_day import CloseDay, CloseDayTx, ClosedDayView
from services.payment.ledger.usecases.ledger import GetTrialBalance, ListEntries, TrialBalanceView
from services.payment.ledger.usecases.settlement import GetSettlement, SettlementTx, SettlementView
from services.payment.ledger.usecases.views import EntryView
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import EXPORTS, REPORTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "ledger", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class LedgerEntrypoints:
    """Keeps the books: entries, balances, closed days, settlement."""

    @rpc_method(request=schemas.GetTrialBalance, reply=schemas.TrialBalance, callers=FINANCE,
        **ADMINISTERED, load_class=REPORTS, zh="查询各账户合计（试算平衡）及借贷是否相等。")
    def trial_balance(self, tx: HasLedger, call: Call[GetTrialBalance]) -> TrialBalanceView:
        """The sums of every account, and whether debits equal credits."""
        return ledger.trial_balance(tx, call.data, call.context)

    @rpc_method(request=schemas.ListEntries, reply=schemas.Entries, callers=FINANCE,
        **ADMINISTERED, load_class=EXPORTS, zh="查询总账分录，最早的在前。")
    def list_entries(self, tx: HasLedger, call: Call[ListEntries]) -> PageView[EntryView]:
        """Ledger entries, oldest first, a page at a time."""
        return ledger.list_entries(tx, call.data, call.context)

    @rpc_method(request=schemas.CloseDay, reply=schemas.ClosedDay, callers=FINANCE, mutating=True,
                errors=[DayNotOver, DayClosed, BooksDiffer],
        **ADMINISTERED, zh="对已结束的营业日关账：保存余额，此后不再记入该日。")
    def close_day(self, tx: CloseDayTx, call: Call[CloseDay]) -> ClosedDayView:
        """Freeze a business day that is over: balances are stored, and no entry is dated into it any more."""
        return close_day.close_day(tx, call.data, call.context)

    @every(seconds=300)
    def close_days(self, transactions: Transactions) -> None:
        after = _close_after(transactions.settings)
        if after is not None:
            count_refused_books(close_days.close_days(transactions, after))

    @rpc_method(request=schemas.GetAccountStatement, reply=schemas.AccountStatement, callers=FINANCE,
                errors=[PeriodInvalid],
        **ADMINISTERED, load_class=REPORTS, zh="查询账户某期间的对账单：期初余额、分录、期末余额。")
    def get_account_statement(
        self, tx: HasBooks, call: Call[GetAccountStatement]
    ) -> AccountStatementView:
        """An account over a period of business days: opening balance, entries, closing balance."""
        return account_statement.get_account_statement(tx, call.data, call.context)

    @rpc_method(request=schemas.GetSettlement, reply=schemas.Settlement, callers=FINANCE,
                errors=[DayNotOver],
        **ADMINISTERED, load_class=REPORTS, zh="查询某营业日应缴各执收单位的金额。")
    def get_settlement(self, tx: SettlementTx, call: Call[GetSettlement]) -> SettlementView:
        """Give the amount that each collecting unit is owed for a business day that is over."""
        return settlement.get_settlement(tx, call.data, call.context)


def _close_after(settings: Mapping[str, Any]) -> timedelta | None:
    """How long after its end a business day is closed; None: by people alone."""
    after_s = settings["books"]["close_days_after_s"]
    return None if after_s is None else timedelta(seconds=after_s)
