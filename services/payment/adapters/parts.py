"""What payment's units are made of, on the bus and in a command."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment.adapters.channels import ChannelRegistry
from services.payment.adapters.pay_codes import SerialBlocks
from services.payment.adapters.unit import SqlPaymentUnit
from services.payment.domain.webhook_targets import TargetPolicy
from shared_components.db.scope import Scope
from shared_components.kernel.return_addresses import ReturnAddresses

# Matter has compared the address with what it is told of the app that the citizen uses.
TRUSTED_CALLERS = frozenset({"matter"})


class PaymentParts:
    """What outlives a transaction: connections to channels, and the serials this process may hand out."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        hooks = settings.get("webhooks") or {}
        self.channels = ChannelRegistry(settings)
        self.blocks = SerialBlocks()
        self.return_addresses = ReturnAddresses(settings.get("return_addresses") or {}, TRUSTED_CALLERS)
        self.webhook_targets = TargetPolicy(hooks.get("hosts", ()), loopback=hooks.get("allow_loopback", False))

    def unit(self, scope: Scope) -> SqlPaymentUnit:
        return SqlPaymentUnit(
            scope.session,
            clock=scope.clock,
            events=scope.events,
            cipher=scope.secrets.fields,
            channels=self.channels,
            blocks=self.blocks,
            webhook_targets=self.webhook_targets,
            return_addresses=self.return_addresses,
            receipt_key=scope.secrets.derive("receipt-check-code"),
        )

    def close(self) -> None:
        self.channels.close()
