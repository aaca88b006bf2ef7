"""Composition root: what payment's use cases are given."""
from __future__ import annotations

from typing import cast

from services.payment.adapters.channels import ChannelRegistry
from services.payment.adapters.pay_codes import SerialBlocks
from services.payment.adapters.unit import SqlPaymentUnit
from services.payment.adapters.webhooks import HttpSender
from services.payment.domain.ports import Channels
from services.payment.domain.webhook_targets import TargetPolicy
from services.payment.schemas import PaymentSettings
from shared_components.bus import UnitOfWorkProvider, Units, UnitScope


class PaymentProvider(UnitOfWorkProvider):
    """Keeps what outlives a transaction: connections to channels, and the serials this process may hand out."""

    settings_schema = PaymentSettings
    keep_operations = None

    channels: ChannelRegistry
    blocks: SerialBlocks
    webhook_targets: TargetPolicy
    webhook_sender: HttpSender

    def setup(self) -> None:
        super().setup()
        self.channels = ChannelRegistry(self.settings)
        self.blocks = SerialBlocks()
        hooks = self.settings.get("webhooks") or {}
        self.webhook_targets = TargetPolicy(hooks.get("hosts", ()), loopback=hooks.get("allow_loopback", False))
        self.webhook_sender = HttpSender(
            self.webhook_targets, timeout_s=hooks.get("timeout_s", 10.0), ca_file=hooks.get("ca_file")
        )

    def make(self, scope: UnitScope) -> SqlPaymentUnit:
        return SqlPaymentUnit(
            scope.session,
            clock=scope.clock,
            events=scope.events,
            cipher=scope.secrets.fields,
            channels=self.channels,
            blocks=self.blocks,
            webhook_targets=self.webhook_targets,
            receipt_key=scope.secrets.derive("receipt-check-code"),
        )

    def stop(self) -> None:
        super().stop()
        self.channels.close()


def channels_of(units: Units) -> Channels:
    """For handlers that talk to a channel between their transactions."""
    return cast(PaymentProvider, units.provider).channels


def sender_of(units: Units) -> HttpSender:
    """For what sends webhooks, outside of every transaction."""
    return cast(PaymentProvider, units.provider).webhook_sender
