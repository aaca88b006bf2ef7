"""A bus that seals secrets of requests for the service that needs them, so that no queue holds them in the clear."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.base import secret_fields
from shared_components.contracts.registry import ServiceContract
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.seal_keys import SealKeys
from shared_components.security.sealed_secrets import Sealer


def place_of(service: str, method: str, field: str) -> str:
    """Where a secret stands. It is opened nowhere else."""
    return f"{service}.{method}.{field}"


class SealingBus:
    """An AsyncBus before another one. keys: of this process; a service without a public key there gets plain values."""

    def __init__(self, bus: AsyncBus, contracts: Iterable[ServiceContract], keys: KeyFolder | None) -> None:
        self._bus = bus
        self._secret = {
            (contract.service, name): fields for contract in contracts for name, method in contract.methods.items()
            if (fields := secret_fields(method.request))}
        self._sealers = {service: Sealer(service, SealKeys(service, keys).public) for service, _ in self._secret}

    @property
    def connected(self) -> bool:
        return self._bus.connected

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        """See BusClient.call."""
        secret = self._secret.get((service, method))
        if secret is not None:
            seal = self._sealers[service].seal
            kwargs = {
                name: seal(value, place_of(service, method, name)) if name in secret and value is not None else value
                for name, value in kwargs.items()}
        return await self._bus.call(service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context)

    async def close(self) -> None:
        await self._bus.close()
