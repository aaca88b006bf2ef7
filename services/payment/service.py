"""Payment on the bus: what people pay, from the fee item to the refund, and the books of it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment import schemas
from services.payment.adapters.statement_files import StatementFile
from services.payment.channels.domain.errors import ChannelUnknown
from services.payment.channels.entrypoints import ChannelEntrypoints
from services.payment.common.domain.callers import FINANCE
from services.payment.domain.errors import (
    DifferenceResolved,
    DifferenceUnknown,
    StatementConflict,
    StatementDayInvalid,
    StatementMalformed,
    StatementTakenOver,
    StatementTooLarge,
    StatementTotalsDiffer,
    StatementUnknown,
)
from services.payment.fees.entrypoints import FeeEntrypoints
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.ledger.entrypoints import LedgerEntrypoints
from services.payment.orders.entrypoints import OrderEntrypoints
from services.payment.providers import ChannelsProvider, PaymentProvider, WebhooksProvider
from services.payment.receipts.entrypoints import ReceiptEntrypoints
from services.payment.reconciliation.domain.errors import PayoutDiffers, PayoutFeeDiffers
from services.payment.transaction import SqlPaymentTransaction
from services.payment.usecases import differences, import_statement, payouts, reconcile
from services.payment.usecases.import_statement import ImportStatement, ListStatements
from services.payment.usecases.reconcile import Reconcile
from services.payment.webhooks.entrypoints import WebhookEntrypoints
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call

STATEMENT_ERRORS = (
    StatementMalformed, StatementTotalsDiffer, StatementDayInvalid, StatementConflict,
    StatementTakenOver, StatementTooLarge,
)


class PaymentService(ChannelEntrypoints, FeeEntrypoints, LedgerEntrypoints, OrderEntrypoints, ReceiptEntrypoints, WebhookEntrypoints):
    """Takes what people pay, from the fee item to the refund, and keeps its books."""

    name = "payment"
    summary_zh = "受理缴费：从收费项目、订单到退款，并记账、对账、开具电子票据。"
    contract_version = "5.0"
    tickets = ("gateway", "matter")
    emits = schemas.EVENTS

    transactions = PaymentProvider()
    channels = ChannelsProvider()
    webhook_dispatcher = WebhooksProvider()

    @rpc_method(request=schemas.ImportStatement, reply=schemas.Statement, callers=FINANCE, mutating=True,
                own_transactions=True, errors=[ChannelUnknown, *STATEMENT_ERRORS],
        zh="导入渠道某日的小型对账单；大文件请用命令行 zhongtai payment statement import。")
    def import_statement(
        self, transactions: Transactions, call: Call[ImportStatement]
    ) -> Mapping[str, Any]:
        """Import a channel's small statement of a day; `zhongtai payment statement import` takes any size."""
        return import_statement.import_small_statement(
            transactions, self.channels, call.data, call.context, StatementFile
        )

    @rpc_method(request=schemas.ListStatements, reply=schemas.Statements, callers=FINANCE,
        zh="查询对账单及其处理结果，最新的在前。")
    def list_statements(
        self, tx: SqlPaymentTransaction, call: Call[ListStatements]
    ) -> Mapping[str, Any]:
        """Statements with what became of them, newest first, a page at a time."""
        return import_statement.list_statements(tx, call.data, call.context)

    @rpc_method(request=schemas.Reconcile, reply=schemas.Reconciliation, callers=FINANCE, mutating=True,
                own_transactions=True, errors=[StatementUnknown, StatementTooLarge],
        zh="将某日对账单与订单、退款、总账核对，并处理渠道可确认的差异。")
    def reconcile(self, transactions: Transactions, call: Call[Reconcile]) -> Mapping[str, Any]:
        """Compare a day's statement with orders, refunds and ledger; settle what the channel can settle."""
        return reconcile.reconcile_small_day(transactions, self.channels, call.data, call.context)

    @rpc_method(request=schemas.ListDifferences, reply=schemas.Differences, callers=FINANCE,
        zh="查询对账差异及各方记录。")
    def list_differences(self, tx: SqlPaymentTransaction, call: Call[differences.ListDifferences]) -> Mapping[str, Any]:
        """What does not agree, with all sides, a page at a time."""
        return differences.list_differences(tx, call.data, call.context)

    @rpc_method(request=schemas.ResolveDifference, reply=schemas.Difference, callers=FINANCE, mutating=True,
                errors=[DifferenceUnknown, DifferenceResolved],
        zh="登记人工处理完的差异及处理说明。")
    def resolve_difference(
        self, tx: SqlPaymentTransaction, call: Call[differences.ResolveDifference]
    ) -> Mapping[str, Any]:
        """Close a difference that a person has settled, with a note of how."""
        return differences.resolve_difference(tx, call.data, call.context)

    @rpc_method(request=schemas.RecordPayout, reply=schemas.RecordedPayout, callers=FINANCE, mutating=True,
                errors=[ChannelUnknown, DayNotOver, PayoutDiffers,
                        PayoutFeeDiffers],
        zh="登记渠道划入财政专户的款项及其扣收的手续费。")
    def record_payout(self, tx: SqlPaymentTransaction, call: Call[payouts.RecordPayout]) -> Mapping[str, Any]:
        """Post what a channel has paid out into 财政专户 for a day, and the fee it kept."""
        return payouts.record_payout(tx, call.data, call.context)


