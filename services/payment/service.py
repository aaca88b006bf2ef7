"""Payment on the bus: what people pay, from the fee item to the refund, and the books of it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment import schemas
from services.payment.adapters.statement_files import StatementFile
from services.payment.channels.domain.errors import ChannelUnknown
from services.payment.channels.entrypoints import ChannelEntrypoints
from services.payment.common.domain.callers import APPS, FINANCE
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
from services.payment.domain.webhook_errors import (
    DeliveryUnknown,
    WebhookOwnerRefused,
    WebhooksTooMany,
    WebhookUnknown,
    WebhookUrlRefused,
)
from services.payment.fees.entrypoints import FeeEntrypoints
from services.payment.ledger.domain.errors import DayNotOver
from services.payment.ledger.entrypoints import LedgerEntrypoints
from services.payment.orders.entrypoints import OrderEntrypoints
from services.payment.providers import ChannelsProvider, PaymentProvider, WebhooksProvider
from services.payment.receipts.entrypoints import ReceiptEntrypoints
from services.payment.reconciliation.domain.errors import PayoutDiffers, PayoutFeeDiffers
from services.payment.transaction import SqlPaymentTransaction
from services.payment.usecases import differences, import_statement, payouts, reconcile, webhook_delivery, webhooks
from services.payment.usecases.import_statement import ImportStatement, ListStatements
from services.payment.usecases.reconcile import Reconcile
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.kernel.calls import Call, Event

STATEMENT_ERRORS = (
    StatementMalformed, StatementTotalsDiffer, StatementDayInvalid, StatementConflict,
    StatementTakenOver, StatementTooLarge,
)


class PaymentService(ChannelEntrypoints, FeeEntrypoints, LedgerEntrypoints, OrderEntrypoints, ReceiptEntrypoints):
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

    @rpc_method(request=schemas.PutWebhook, reply=schemas.PutWebhookReply, callers=APPS, mutating=True, public=True,
                errors=[WebhookUrlRefused, WebhookUnknown,
                        WebhookOwnerRefused, WebhooksTooMany],
        zh="新建或修改回调地址；新建或更换密钥时返回密钥。")
    def put_webhook(self, tx: SqlPaymentTransaction, call: Call[webhooks.PutWebhook]) -> Mapping[str, Any]:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret."""
        return webhooks.put_webhook(tx, call.data, call.context)

    @rpc_method(request=schemas.RemoveWebhook, reply=schemas.Webhook, callers=APPS, mutating=True, public=True,
                errors=[WebhookUnknown],
        zh="删除回调地址及其待发送的事件。")
    def remove_webhook(self, tx: SqlPaymentTransaction, call: Call[webhooks.RemoveWebhook]) -> Mapping[str, Any]:
        """Remove a webhook, and what waits to be sent to it."""
        return webhooks.remove_webhook(tx, call.data, call.context)

    @rpc_method(request=schemas.ListWebhooks, reply=schemas.Webhooks, callers=APPS, public=True,
        zh="查询本应用的回调地址（运维可查全部），不显示密钥。")
    def list_webhooks(self, tx: SqlPaymentTransaction, call: Call[webhooks.ListWebhooks]) -> Mapping[str, Any]:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown."""
        return webhooks.list_webhooks(tx, call.data, call.context)

    @rpc_method(request=schemas.ListDeliveries, reply=schemas.Deliveries, callers=APPS, public=True,
        zh="查询回调投递记录：时间、次数、结果，最新的在前。")
    def list_deliveries(self, tx: SqlPaymentTransaction, call: Call[webhooks.ListDeliveries]) -> Mapping[str, Any]:
        """What was sent to webhooks, newest first: when, how often, with which result."""
        return webhooks.list_deliveries(tx, call.data, call.context)

    @rpc_method(request=schemas.ResendWebhook, reply=schemas.Delivery, callers=APPS, mutating=True, public=True,
                errors=[DeliveryUnknown],
        zh="重新投递一次，事件编号和内容不变。")
    def resend_webhook(self, tx: SqlPaymentTransaction, call: Call[webhooks.ResendWebhook]) -> Mapping[str, Any]:
        """Send a delivery once more: the same event id and body."""
        return webhooks.resend_webhook(tx, call.data, call.context)

    @on_event("payment", "receipt-issued", bulk=True)
    def tell_receipt_issued(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @on_event("payment", "order-paid", bulk=True)
    def tell_order_paid(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @on_event("payment", "order-closed", bulk=True)
    def tell_order_closed(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @on_event("payment", "order-refunded", bulk=True)
    def tell_order_refunded(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @on_event("payment", "refund-succeeded", bulk=True)
    def tell_refund_succeeded(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @on_event("payment", "refund-failed", bulk=True)
    def tell_refund_failed(self, tx: SqlPaymentTransaction, events: list[Event]) -> None:
        webhook_delivery.keep_for_apps(tx, events)

    @every(seconds=2)
    def deliver_webhooks(self, transactions: Transactions) -> None:
        self.webhook_dispatcher.run()

    @every(seconds=3600)
    def forget_deliveries(self, transactions: Transactions) -> None:
        while webhook_delivery.forget_old(transactions):
            pass


