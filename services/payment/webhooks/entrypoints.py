"""Entrypoints of webhooks."""
from __future__ import annotations

from collections.abc import Sequence

from services.payment.common.domain.callers import APPS
from services.payment.webhooks import schemas
from services.payment.webhooks.domain.errors import (
    DeliveryUnknown,
    WebhookOwnerRefused,
    WebhooksTooMany,
    WebhookUnknown,
    WebhookUrlRefused,
)
from services.payment.webhooks.usecases import delivery, webhooks
from services.payment.webhooks.usecases.delivery import OrderEvent
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.bus.server.sector_ids import events_for_apps
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView
from shared_components.webhooks import delivering, delivery_log, keeping
from shared_components.webhooks.delivery_log import ListDeliveries, ResendWebhook, ResendWebhookTx
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.keeping import ListWebhooks, PutWebhook, PutWebhookTx, PutWebhookView, RemoveWebhook
from shared_components.webhooks.ports import HasDeliveries, HasWebhooks
from shared_components.webhooks.views import DeliveryView, WebhookView

OWN_WEBHOOKS: RuleArguments = {
    "basis": ["own", "platform"], "resource": "webhook", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class WebhookEntrypoints:
    """Keeps webhooks, and tells them what happens."""

    webhook_dispatcher: WebhookDispatcher
    transactions: Transactions

    @rpc_method(request=schemas.PutWebhook, reply=schemas.PutWebhookReply, callers=APPS, mutating=True, public=True,
                errors=[WebhookUrlRefused, WebhookUnknown,
                        WebhookOwnerRefused, WebhooksTooMany],
        **OWN_WEBHOOKS, zh="新建或修改回调地址；新建或更换密钥时返回密钥。")
    def put_webhook(self, tx: PutWebhookTx, call: Call[PutWebhook]) -> PutWebhookView:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret."""
        return webhooks.put_webhook(tx, call.data, call.context)

    @rpc_method(request=schemas.RemoveWebhook, reply=schemas.Webhook, callers=APPS, mutating=True, public=True,
                errors=[WebhookUnknown],
        **OWN_WEBHOOKS, zh="删除回调地址及其待发送的事件。")
    def remove_webhook(self, tx: HasWebhooks, call: Call[RemoveWebhook]) -> WebhookView:
        """Remove a webhook, and what waits to be sent to it."""
        return keeping.remove_webhook(tx, call.data, call.context)

    @rpc_method(request=schemas.ListWebhooks, reply=schemas.Webhooks, callers=APPS, bulk=True, public=True,
        **OWN_WEBHOOKS, zh="查询本应用的回调地址（运维可查全部），不显示密钥。")
    def list_webhooks(
        self, tx: HasWebhooks, calls: list[Call[ListWebhooks]]
    ) -> list[PageView[WebhookView] | AppError]:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown."""
        return webhooks.list_webhooks(tx, calls)

    @rpc_method(request=schemas.ListDeliveries, reply=schemas.Deliveries, callers=APPS, bulk=True, public=True,
        **OWN_WEBHOOKS, load_class=LISTS, zh="查询回调投递记录：时间、次数、结果，最新的在前。")
    def list_deliveries(
        self, tx: HasDeliveries, calls: list[Call[ListDeliveries]]
    ) -> list[PageView[DeliveryView] | AppError]:
        """List deliveries to webhooks, newest first: when, how often, with which result."""
        return webhooks.list_deliveries(tx, calls)

    @rpc_method(request=schemas.ResendWebhook, reply=schemas.Delivery, callers=APPS, mutating=True, public=True,
                errors=[DeliveryUnknown],
        **OWN_WEBHOOKS, zh="重新投递一次，事件编号和内容不变。")
    def resend_webhook(self, tx: ResendWebhookTx, call: Call[ResendWebhook]) -> DeliveryView:
        """Send a delivery once more: the same event id and body."""
        return delivery_log.resend_webhook(tx, call.data, call.context)

    @on_event("payment", "receipt-issued", own_transactions=True, bulk=True, idempotent=True)
    def tell_receipt_issued(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @on_event("payment", "order-paid", own_transactions=True, bulk=True, idempotent=True)
    def tell_order_paid(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @on_event("payment", "order-closed", own_transactions=True, bulk=True, idempotent=True)
    def tell_order_closed(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @on_event("payment", "order-refunded", own_transactions=True, bulk=True, idempotent=True)
    def tell_order_refunded(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @on_event("payment", "refund-succeeded", own_transactions=True, bulk=True, idempotent=True)
    def tell_refund_succeeded(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @on_event("payment", "refund-failed", own_transactions=True, bulk=True, idempotent=True)
    def tell_refund_failed(self, transactions: Transactions, events: Sequence[Event]) -> None:
        self._tell(transactions, events)

    @every(seconds=2)
    def deliver_webhooks(self, transactions: Transactions) -> None:
        self.webhook_dispatcher.run()

    @every(seconds=3600)
    def forget_deliveries(self, transactions: Transactions) -> None:
        while delivering.forget_old(transactions):
            pass

    def _tell(self, transactions: Transactions, events: Sequence[Event]) -> None:
        told = [OrderEvent(event, event.data["order_id"]) for event in events_for_apps(transactions.provider, events)]
        with transactions.begin_for({event.tenant for event in events}) as tx:
            kept = delivery.keep_for_apps(tx, told)
        if kept:
            self.webhook_dispatcher.soon()
