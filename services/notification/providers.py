"""Composition root of notification."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from nameko.extensions import DependencyProvider

from services.notification.carriers.adapters.pool import CarrierPool
from services.notification.carriers.adapters.registry import MAKERS
from services.notification.carriers.domain.ports import Carriers
from services.notification.jobs.adapters.files import StoredFiles
from services.notification.messages.adapters.smtp import SmtpMailer
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.domain.message import RetryPolicy
from services.notification.messages.settings import NotificationSettings
from services.notification.transaction import SendingPolicy, SqlNotificationTransaction
from shared_components.bus import TransactionProvider, TransactionScope, service_settings
from shared_components.bus.server.app_queues import AppQueues, EventSender
from shared_components.material_store import store_of
from shared_components.security.request_signing import sign
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.targets import TargetPolicy

LAST_WEBHOOKS_S = 3.0
"""How long a process that stops waits for attempts under way; those that take longer are made again by another."""


class NotificationProvider(TransactionProvider):
    settings_schema = NotificationSettings
    carriers: CarrierPool
    job_files: StoredFiles
    webhooks: WebhookDispatcher
    _sender: EventSender
    _policy: SendingPolicy

    def setup(self) -> None:
        super().setup()
        self.job_files = StoredFiles(store_of(self.container.config["zhongtai"]))
        self.carriers = CarrierPool(self.settings["sms"], MAKERS)
        hooks = self.settings["webhooks"] or {}
        targets = TargetPolicy(
            hooks.get("hosts", ()), loopback=hooks.get("allow_loopback", False),
            setting="services.notification.webhooks.hosts")
        configuration = self.container.config["zhongtai"]
        self._sender = EventSender(
            HttpSender(targets, timeout_s=hooks.get("timeout_s", 10.0), ca_file=hooks.get("ca_file")),
            AppQueues(configuration["broker"]["url"]))
        self.webhooks = WebhookDispatcher(self.get_dependency(None), self._sender, sign)
        is_production = configuration["environment"] == "production"
        self._policy = SendingPolicy(
            RetryPolicy(
                max_attempts=self.settings["max_attempts"],
                first_wait=timedelta(seconds=self.settings["first_retry_s"]),
                # longer than an attempt can take: nobody else takes up a letter that is being delivered
                attempt_limit=timedelta(seconds=30 + self.settings["smtp_attempt_timeout_s"]),
            ),
            receipt_wait=timedelta(seconds=self.settings["sms"]["receipt_wait_s"]),
            approval_required=is_production or self.settings["template_approval"],
            webhook_targets=targets,
        )

    def make(self, scope: TransactionScope) -> SqlNotificationTransaction:
        return SqlNotificationTransaction(scope, self._policy, self.carriers)

    def stop(self) -> None:
        self.webhooks.finish(LAST_WEBHOOKS_S)
        self._sender.close()
        super().stop()
        self.carriers.close()


class WebhooksProvider(DependencyProvider):  # type: ignore[misc]
    """The dispatcher of webhooks, for the handler that runs it outside of every transaction."""

    def get_dependency(self, worker_ctx: Any) -> WebhookDispatcher:
        return next(each for each in self.container.dependencies if isinstance(each, NotificationProvider)).webhooks


class CarriersProvider(DependencyProvider):  # type: ignore[misc]
    """The carriers of text messages, for handlers that talk to them between their transactions."""

    def get_dependency(self, worker_ctx: Any) -> Carriers:
        return next(each for each in self.container.dependencies if isinstance(each, NotificationProvider)).carriers


class MailerProvider(DependencyProvider):  # type: ignore[misc]
    """The mail server that the settings name."""

    _mailer: SmtpMailer

    def setup(self) -> None:
        self._mailer = SmtpMailer(service_settings(self.container, NotificationSettings))

    def get_dependency(self, worker_ctx: Any) -> Mailer:
        return self._mailer

    def stop(self) -> None:
        self._mailer.close()
