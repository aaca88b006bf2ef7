"""The bus of the other tests here does what the real one does."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.payment.orders.domain.errors import OrderUnknown
from shared_components.bus.errors import InvalidArguments
from tests.unit.gateway.bus_suite import SUITE, Bench
from tests.unit.gateway.fake_bus import Asked, FakeBus


def payment() -> Bench:
    orders: dict[str, dict[str, Any]] = {}
    silent = False

    async def create_order(asked: Asked) -> dict[str, Any]:
        if silent:
            await asyncio.sleep(60)
        if "lines" not in asked.kwargs:
            raise InvalidArguments("wrong", details={"fields": {"lines": ["Missing data for required field."]}})
        order_id = f"pay_{len(orders) + 1}"
        orders[order_id] = {"order_id": order_id, "state": "created"}
        return orders[order_id]

    def get_order(asked: Asked) -> dict[str, Any]:
        if asked.kwargs["order_id"] not in orders:
            raise OrderUnknown
        return orders[asked.kwargs["order_id"]]

    @contextmanager
    def silenced() -> Iterator[None]:
        nonlocal silent
        silent = True
        yield
        silent = False

    return Bench(FakeBus({"payment.create_order": create_order, "payment.get_order": get_order}), silenced)


@pytest.mark.parametrize("case", SUITE, ids=lambda case: case.__name__)
def test_the_fake_bus(case: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        await case(payment())

    asyncio.run(run())
