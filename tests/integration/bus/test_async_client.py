"""The asyncio client has the surface of the blocking one, and its behaviour."""
from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from shared_components.bus import BusClient
from shared_components.bus.amqp import names
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.errors import (
    CallerNotAllowed,
    InvalidArguments,
    NoReply,
    PayloadTooLarge,
    QueueFull,
    UnknownMethod,
    UnknownService,
)
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.kernel.errors import AppError, Conflict, Unavailable
from tests.integration.bus.conftest import Bench
from tests.integration.bus.scenarios import TRACE_ID, taken
from tests.integration.bus.world import World

Result = TypeVar("Result")
NOWHERE = "amqp://127.0.0.1:1/"


def surface(kind: type[Any]) -> dict[str, list[str]]:
    """Public method → its parameters."""
    return {
        name: list(inspect.signature(value).parameters) for name, value in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }  # fmt: skip


def run(world: World, ask: Callable[[AsyncBusClient], Awaitable[Result]]) -> Result:
    async def main() -> Result:
        async with AsyncBusClient(world.broker.url) as client:
            return await ask(client)

    return asyncio.run(main())


def error_of(world: World, ask: Callable[[AsyncBusClient], Awaitable[Any]]) -> AppError:
    with pytest.raises(AppError) as caught:
        run(world, ask)
    return caught.value


def test_both_clients_have_the_same_surface() -> None:
    assert surface(AsyncBusClient) == surface(BusClient)
    given = [inspect.signature(client.echo.echo) for client in (BusClient(NOWHERE), AsyncBusClient(NOWHERE))]
    assert given[0].parameters == given[1].parameters


@pytest.mark.integration
def test_calls_at_once_each_get_their_own_reply(rabbit_world: World) -> None:
    async def ask(client: AsyncBusClient) -> list[Any]:
        return await asyncio.gather(*(client.echo.echo(value=str(number), timeout_s=10) for number in range(300)))

    assert run(rabbit_world, ask) == [{"value": str(number)} for number in range(300)]


@pytest.mark.integration
def test_mistakes_are_typed(rabbit_world: World) -> None:
    for ask, kind in [
        (lambda client: client.nobody.anything(timeout_s=5), UnknownService),
        (lambda client: client.echo.ecko(timeout_s=5), UnknownMethod),
        (lambda client: client.echo.echo(valeu="1", timeout_s=5), InvalidArguments),
        (lambda client: client.echo.closed(timeout_s=5), CallerNotAllowed),
        (lambda client: client.echo.echo(value="x" * 300_000, timeout_s=5), PayloadTooLarge),
    ]:  # fmt: skip
        assert type(error_of(rabbit_world, ask)) is kind


@pytest.mark.integration
def test_the_same_operation_twice_is_one_effect(rabbit_world: World) -> None:
    key, operation = rabbit_world.key(), rabbit_world.key("op")

    async def ask(client: AsyncBusClient) -> list[Any]:
        return [await client.echo.keep(key=key, op_id=operation, timeout_s=5) for _ in range(2)]

    assert run(rabbit_world, ask) == [{"key": key}] * 2
    assert rabbit_world.committed("echo", key) == 1
    other = error_of(rabbit_world, lambda client: client.echo.keep(key="other", op_id=operation, timeout_s=5))
    assert isinstance(other, Conflict)


@pytest.mark.integration
def test_a_call_ends_at_its_deadline_and_is_forgotten(rabbit_world: World) -> None:
    rabbit_world.broker.queue("rpc-aghost", exchange=names.RPC_EXCHANGE, key="aghost.*")

    async def ask(client: AsyncBusClient) -> int:
        with pytest.raises(NoReply):
            await client.aghost.anything(timeout_s=0.3)
        return len(client._pending)

    assert run(rabbit_world, ask) == 0


@pytest.mark.integration
def test_a_full_queue_is_unavailable_with_a_hint(rabbit_world: World) -> None:
    rabbit_world.broker.queue("rpc-afull", exchange=names.RPC_EXCHANGE, key="afull.*",
                              arguments={"x-max-length": 0, "x-overflow": "reject-publish"})  # fmt: skip
    error = error_of(rabbit_world, lambda client: client.afull.anything(timeout_s=0.5))
    assert isinstance(error, QueueFull) and error.details["retry_after_s"] > 0


@pytest.mark.integration
def test_a_context_travels_with_the_call(rabbit_world: World) -> None:
    queue = rabbit_world.broker.queue("alistening", exchange=names.event_exchange("echo"), key="kept")

    async def ask(client: AsyncBusClient) -> Any:
        acting = client.with_context(tenant="another", traceparent=f"00-{TRACE_ID}-00f067aa0ba902b7-01")
        await acting.echo.keep(key=rabbit_world.key(), timeout_s=5)
        return await acting.echo.who(timeout_s=5)

    assert run(rabbit_world, ask)["tenant"] == "another"
    assert TRACE_ID in str(taken(rabbit_world, queue).body)
    rabbit_world.broker.channel.queue_delete(queue)


@pytest.mark.integration
def test_a_blocked_broker_and_a_lost_connection_are_survived(bench: Bench, private: PrivateRabbitMQ) -> None:
    bench.start("echo").wait_until_consuming(bench.raw(), "rpc-echo")
    vhost = bench.broker_url.rpartition("/")[2]

    async def main() -> None:
        async with AsyncBusClient(bench.broker_url) as client:
            await client.echo.echo(value="before", timeout_s=5)
            try:
                await asyncio.to_thread(private.ctl, "set_vm_memory_high_watermark", "0.000001")
                with pytest.raises(AppError):  # what is on its way when the broker says so
                    await client.echo.echo(value="blocked", timeout_s=1)
                assert not client.connected
                with pytest.raises(Unavailable):
                    await client.echo.echo(value="blocked again", timeout_s=0.5)
            finally:
                await asyncio.to_thread(private.ctl, "set_vm_memory_high_watermark", "0.4")
            assert await client.echo.echo(value="after", timeout_s=10) == {"value": "after"}
            await asyncio.to_thread(private.ctl, "close_all_connections", "--vhost", vhost, "a test")
            assert await client.echo.echo(value="again", timeout_s=10) == {"value": "again"}

    asyncio.run(main())
