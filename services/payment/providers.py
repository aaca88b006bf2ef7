"""Composition root: what payment's use cases are given."""
from __future__ import annotations

from typing import Any

from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider

from services.payment.channels.domain.ports import Channels
from services.payment.schemas import PaymentSettings
from services.payment.transaction import PaymentResources, SqlPaymentTransaction
from shared_components.bus import TransactionProvider, TransactionScope
from shared_components.bus.server.app_queues import AppQueues, EventSender
from shared_components.security.request_signing import sign
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.sender import HttpSender

LAST_WEBHOOKS_S = 3.0
"""How long a process that stops waits for attempts under way; those that take longer are made again by another."""


class PaymentProvider(TransactionProvider):
    settings_schema = PaymentSettings
    keep_operations = None

    resources: PaymentResources
    webhooks: WebhookDispatcher
    _sender: EventSender

    def setup(self) -> None:
        super().setup()
        self.resources = PaymentResources(self.settings)
        hooks = self.settings.get("webhooks") or {}
        endpoints = HttpSender(
            self.resources.webhook_targets, timeout_s=hooks.get("timeout_s", 10.0), ca_file=hooks.get("ca_file")
        )
        self._sender = EventSender(endpoints, AppQueues(self.container.config["zhongtai"]["broker"]["url"]))
        self.webhooks = WebhookDispatcher(self.get_dependency(None), self._sender, sign)

    def make(self, scope: TransactionScope) -> SqlPaymentTransaction:
        return self.resources.transaction(scope)

    def stop(self) -> None:
        self.webhooks.finish(LAST_WEBHOOKS_S)
        self._sender.close()
        super().stop()
        self.resources.close()


class ChannelsProvider(DependencyProvider):  # type: ignore[misc]
    """Payment channels, for handlers that talk to them between their transactions."""

    def get_dependency(self, worker_ctx: Any) -> Channels:
        return _payment_of(self.container).resources.channels


class WebhooksProvider(DependencyProvider):  # type: ignore[misc]
    """The dispatcher of webhooks, for the handler that runs it outside of every transaction."""

    def get_dependency(self, worker_ctx: Any) -> WebhookDispatcher:
        return _payment_of(self.container).webhooks


def _payment_of(container: ServiceContainer) -> PaymentProvider:
    return next(each for each in container.dependencies if isinstance(each, PaymentProvider))
