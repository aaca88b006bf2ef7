"""Both clients; an error comes as the class of its code, also where the platform's own classes are loaded."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.kernel.errors import AppError
from zhongtai_client.errors import as_client_error


class Client(BusClient):
    """Calls services and waits for their replies. Thread-safe; one for a whole process.

    url: of the AMQP proxy or the broker, `amqp://app-demo:secret@host:5672/vhost`.
    """

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        """See BusClient.call."""
        try:
            return super().call(service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context)
        except AppError as error:
            raise as_client_error(error) from None


class AsyncClient(AsyncBusClient):
    """The same for asyncio: `await client.payment.create_order(…)`."""

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        """See AsyncBusClient.call."""
        try:
            return await super().call(service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context)
        except AppError as error:
            raise as_client_error(error) from None
