"""Composition root: what payment's use cases are given."""
from __future__ import annotations

from datetime import timedelta
from typing import cast

from services.payment.adapters.webhooks import HttpSender
from services.payment.channels.domain.ports import Channels
from services.payment.schemas import PaymentSettings
from services.payment.transaction import PaymentResources, SqlPaymentTransaction
from services.payment.usecases.webhook_dispatch import WebhookDispatcher
from shared_components.bus import TransactionProvider, Transactions, TransactionScope
from shared_components.security.request_signing import sign

LAST_WEBHOOKS_S = 3.0
"""How long a process that stops waits for attempts under way; those that take longer are made again by another."""


class PaymentProvider(TransactionProvider):
    settings_schema = PaymentSettings
    keep_operations = None

    resources: PaymentResources
    webhooks: WebhookDispatcher

    def setup(self) -> None:
        super().setup()
        self.resources = PaymentResources(self.settings)
        hooks = self.settings.get("webhooks") or {}
        sender = HttpSender(
            self.resources.webhook_targets, timeout_s=hooks.get("timeout_s", 10.0), ca_file=hooks.get("ca_file")
        )
        self.webhooks = WebhookDispatcher(self.get_dependency(None), sender, sign)

    def make(self, scope: TransactionScope) -> SqlPaymentTransaction:
        return self.resources.transaction(scope)

    def stop(self) -> None:
        self.webhooks.finish(LAST_WEBHOOKS_S)
        super().stop()
        self.resources.close()


def channels_of(transactions: Transactions) -> Channels:
    """For handlers that talk to a channel between their transactions."""
    return cast(PaymentProvider, transactions.provider).resources.channels


def days_close_after(transactions: Transactions) -> timedelta | None:
    """How long after its end a business day is closed; None: by people alone."""
    after_s = transactions.settings["books"]["close_days_after_s"]
    return None if after_s is None else timedelta(seconds=after_s)


def webhooks_of(transactions: Transactions) -> WebhookDispatcher:
    """For what sends webhooks, outside of every transaction."""
    return cast(PaymentProvider, transactions.provider).webhooks
