"""Composition root: what payment's use cases are given."""
from __future__ import annotations

from typing import cast

from services.payment.adapters.channels import ChannelRegistry
from services.payment.adapters.pay_codes import SerialBlocks
from services.payment.adapters.unit import SqlPaymentUnit
from services.payment.domain.ports import Channels
from services.payment.schemas import PaymentSettings
from shared_components.bus import UnitOfWorkProvider, Units, UnitScope


class PaymentProvider(UnitOfWorkProvider):
    """Keeps what outlives a transaction: connections to channels, and the serials this process may hand out."""

    settings_schema = PaymentSettings
    keep_operations = None

    channels: ChannelRegistry
    blocks: SerialBlocks

    def setup(self) -> None:
        super().setup()
        self.channels = ChannelRegistry(self.settings)
        self.blocks = SerialBlocks()

    def make(self, scope: UnitScope) -> SqlPaymentUnit:
        return SqlPaymentUnit(
            scope.session,
            clock=scope.clock,
            events=scope.events,
            cipher=scope.secrets.fields,
            channels=self.channels,
            blocks=self.blocks,
        )

    def stop(self) -> None:
        super().stop()
        self.channels.close()


def channels_of(units: Units) -> Channels:
    """For handlers that talk to a channel between their transactions."""
    return cast(PaymentProvider, units.provider).channels
