"""Entrypoints of reconciliation."""
from __future__ import annotations

from services.payment.channels.domain.errors import ChannelUnknown
from services.payment.channels.domain.ports import Channels
from services.payment.common.domain.callers import FINANCE
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.reconciliation import schemas
from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.domain.errors import (
    DifferenceResolved,
    DifferenceUnknown,
    PayoutDiffers,
    PayoutFeeDiffers,
    StatementConflict,
    StatementDayInvalid,
    StatementMalformed,
    StatementTakenOver,
    StatementTooLarge,
    StatementTotalsDiffer,
    StatementUnknown,
)
from services.payment.reconciliation.domain.ports import HasDifferences, HasStatements
from services.payment.reconciliation.usecases import (
    differences,
    import_small_statement,
    list_statements,
    payouts,
    reconcile_small_day,
)
from services.payment.reconciliation.usecases.differences import ListDifferences, ResolveDifference, ResolveDifferenceTx
from services.payment.reconciliation.usecases.import_small_statement import ImportStatement
from services.payment.reconciliation.usecases.list_statements import ListStatements
from services.payment.reconciliation.usecases.payouts import PayoutView, RecordPayout, RecordPayoutTx
from services.payment.reconciliation.usecases.reconcile_small_day import Reconcile
from services.payment.reconciliation.usecases.views import DifferenceView, ReconciliationView, StatementView
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import EXPORTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

STATEMENT_ERRORS = (
    StatementMalformed, StatementTotalsDiffer, StatementDayInvalid, StatementConflict,
    StatementTakenOver, StatementTooLarge,
)
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "ledger", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class ReconciliationEntrypoints:
    """Compares the channels' statements with the books."""

    channels: Channels

    @rpc_method(request=schemas.ImportStatement, reply=schemas.Statement, callers=FINANCE, mutating=True,
                own_transactions=True, errors=[ChannelUnknown, *STATEMENT_ERRORS],
        **ADMINISTERED, zh="导入渠道某日的小型对账单；大文件请用命令行 zhongtai payment statement import。")
    def import_statement(
        self, transactions: Transactions, call: Call[ImportStatement]
    ) -> StatementView:
        """Import a channel's small statement of a day; `zhongtai payment statement import` takes any size."""
        return import_small_statement.import_small_statement(
            transactions, self.channels, call.data, call.context, StatementFile
        )

    @rpc_method(request=schemas.ListStatements, reply=schemas.Statements, callers=FINANCE,
        **ADMINISTERED, load_class=EXPORTS, zh="查询对账单及其处理结果，最新的在前。")
    def list_statements(
        self, tx: HasStatements, call: Call[ListStatements]
    ) -> PageView[StatementView]:
        """Statements with what became of them, newest first, a page at a time."""
        return list_statements.list_statements(tx, call.data, call.context)

    @rpc_method(request=schemas.Reconcile, reply=schemas.Reconciliation, callers=FINANCE, mutating=True,
                own_transactions=True, errors=[StatementUnknown, StatementTooLarge],
        **ADMINISTERED, zh="将某日对账单与订单、退款、总账核对，并处理渠道可确认的差异。")
    def reconcile(self, transactions: Transactions, call: Call[Reconcile]) -> ReconciliationView:
        """Compare a day's statement with orders, refunds and ledger; settle what the channel can settle."""
        return reconcile_small_day.reconcile_small_day(transactions, self.channels, call.data, call.context)

    @rpc_method(request=schemas.ListDifferences, reply=schemas.Differences, callers=FINANCE,
        **ADMINISTERED, load_class=EXPORTS, zh="查询对账差异及各方记录。")
    def list_differences(self, tx: HasDifferences, call: Call[ListDifferences]) -> PageView[DifferenceView]:
        """List differences with all their sides, a page at a time."""
        return differences.list_differences(tx, call.data, call.context)

    @rpc_method(request=schemas.ResolveDifference, reply=schemas.Difference, callers=FINANCE, mutating=True,
                errors=[DifferenceUnknown, DifferenceResolved],
        **ADMINISTERED, zh="登记人工处理完的差异及处理说明。")
    def resolve_difference(
        self, tx: ResolveDifferenceTx, call: Call[ResolveDifference]
    ) -> DifferenceView:
        """Close a difference that a person has settled, with a note of how."""
        return differences.resolve_difference(tx, call.data, call.context)

    @rpc_method(request=schemas.RecordPayout, reply=schemas.RecordedPayout, callers=FINANCE, mutating=True,
                errors=[ChannelUnknown, DayNotOver, PayoutDiffers,
                        PayoutFeeDiffers],
        **ADMINISTERED, zh="登记渠道划入财政专户的款项及其扣收的手续费。")
    def record_payout(self, tx: RecordPayoutTx, call: Call[RecordPayout]) -> PayoutView:
        """Post what a channel has paid out into 财政专户 for a day, and the fee it kept."""
        return payouts.record_payout(tx, call.data, call.context)
