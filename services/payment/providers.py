"""Composition root: what payment's use cases are given."""
from __future__ import annotations

from datetime import timedelta
from typing import cast

from services.payment.adapters.parts import PaymentParts
from services.payment.adapters.unit import SqlPaymentUnit
from services.payment.adapters.webhooks import HttpSender
from services.payment.domain.ports import Channels
from services.payment.schemas import PaymentSettings
from shared_components.bus import UnitOfWorkProvider, Units, UnitScope


class PaymentProvider(UnitOfWorkProvider):
    settings_schema = PaymentSettings
    keep_operations = None

    parts: PaymentParts
    webhook_sender: HttpSender

    def setup(self) -> None:
        super().setup()
        self.parts = PaymentParts(self.settings)
        hooks = self.settings.get("webhooks") or {}
        self.webhook_sender = HttpSender(
            self.parts.webhook_targets, timeout_s=hooks.get("timeout_s", 10.0), ca_file=hooks.get("ca_file")
        )

    def make(self, scope: UnitScope) -> SqlPaymentUnit:
        return self.parts.unit(scope)

    def stop(self) -> None:
        super().stop()
        self.parts.close()


def channels_of(units: Units) -> Channels:
    """For handlers that talk to a channel between their transactions."""
    return cast(PaymentProvider, units.provider).parts.channels


def days_close_after(units: Units) -> timedelta | None:
    """How long after its end a business day is closed; None: by people alone."""
    after_s = units.settings["books"]["close_days_after_s"]
    return None if after_s is None else timedelta(seconds=after_s)


def sender_of(units: Units) -> HttpSender:
    """For what sends webhooks, outside of every transaction."""
    return cast(PaymentProvider, units.provider).webhook_sender
