"""Promises of a bus to the gateway, held by the fake one here and by the real client in tests/integration/gateway.

`Bench` has a bus with a service `payment` behind it in which there is one fee item.
"""
from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.bus.errors import InvalidArguments, NoReply, OperationReused, UnknownService
from shared_components.kernel.errors import NotFound
from shared_components.kernel.ids import new_id

ORDER: dict[str, Any] = {"payer_name": "林静", "lines": [{"item_code": "driving-licence-card"}]}
CONTEXT = {"tenant": "default", "locale": "en", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}


@dataclass
class Bench:
    """silenced: as long as it lasts, payment answers nothing."""

    bus: AsyncBus
    silenced: Callable[[], AbstractContextManager[None]]

    async def call(
        self, method: str, arguments: dict[str, Any], op_id: str | None = None, timeout_s: float = 10,
    ) -> Any:
        return await self.bus.call(
            "payment", method, arguments, op_id=op_id or new_id("op"), timeout_s=timeout_s, context=CONTEXT)


async def gives_what_the_service_gives(bench: Bench) -> None:
    order = await bench.call("create_order", ORDER)
    assert order["state"] == "created"
    assert (await bench.call("get_order", {"order_id": order["order_id"]}))["order_id"] == order["order_id"]
    assert bench.bus.connected


async def gives_the_same_for_the_same_operation(bench: Bench) -> None:
    op_id = new_id("op")
    first, second = [await bench.call("create_order", ORDER, op_id) for _ in range(2)]
    assert first == second
    with pytest.raises(OperationReused) as refused:
        await bench.call("create_order", ORDER | {"reference": "another"}, op_id)
    assert refused.value.message == f"operation id '{op_id}' was used with another request; use a new one"


async def raises_the_errors_of_the_service_with_their_class_and_facts(bench: Bench) -> None:
    with pytest.raises(NotFound) as unknown:
        await bench.call("get_order", {"order_id": "pay_0"})
    assert (unknown.value.code, unknown.value.http_status) == ("payment.order-unknown", 404)
    with pytest.raises(InvalidArguments) as wrong:
        await bench.call("create_order", {"payer_name": "x"})
    assert wrong.value.details["fields"] == {"lines": ["Missing data for required field."]}


async def names_a_service_that_nobody_serves(bench: Bench) -> None:
    with pytest.raises(UnknownService):
        await bench.bus.call("nobody", "read", {}, timeout_s=10, op_id="op", context=CONTEXT)


async def gives_up_at_the_deadline_and_says_with_what_to_ask_again(bench: Bench) -> None:
    op_id = new_id("op")
    with bench.silenced(), pytest.raises(NoReply) as late:
        await bench.call("create_order", ORDER, op_id, timeout_s=0.5)
    assert late.value.message == (
        f"no reply from payment.create_order before the deadline; ask again with operation id {op_id}")
    assert late.value.details["op_id"] == op_id
    assert (await bench.call("create_order", ORDER, op_id))["state"] == "created"


SUITE = (
    gives_what_the_service_gives, gives_the_same_for_the_same_operation,
    raises_the_errors_of_the_service_with_their_class_and_facts, names_a_service_that_nobody_serves,
    gives_up_at_the_deadline_and_says_with_what_to_ask_again,
)
