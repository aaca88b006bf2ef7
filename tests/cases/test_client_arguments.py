"""A client's arguments arrive exactly as they are, or are refused by name before anything is sent."""
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
import pytest

from shared_components.bus.client.argument_checks import checked_op_id, encoded_call
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.client.service_callers import context_to_send
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import InvalidInput, Unavailable

NOWHERE = "amqp://guest:guest@127.0.0.1:1/"
Call = Callable[..., Any]


def blocking() -> Any:
    return BusClient(NOWHERE, timeout_s=0.2)


def embedded() -> Any:
    return BusClient("inproc://client-arguments", timeout_s=0.2)


class Asynchronous:
    """The asyncio client, each call in a loop of its own."""

    def __init__(self) -> None:
        self._client = AsyncBusClient(NOWHERE, timeout_s=0.2)

    def call(self, *given: Any, **options: Any) -> Any:
        return asyncio.run(self._client.call(*given, **options))

    def with_context(self, *given: Any, **context: Any) -> Any:
        return self._client.with_context(*given, **context)

    @property
    def till(self) -> Any:
        return Attribute(self._client.till)

    def close(self) -> None:
        asyncio.run(self._client.close())


class Attribute:
    def __init__(self, caller: Any) -> None:
        self._caller = caller

    def keep(self, **arguments: Any) -> Any:
        async def call() -> Any:
            return await self._caller.keep(**arguments)

        return asyncio.run(call())


@pytest.fixture(params=[blocking, embedded, Asynchronous])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = request.param()
    yield made
    made.close()


def itself() -> Any:
    value: dict[str, Any] = {}
    value["inner"] = [value]
    return value


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@dataclass
class Thing:
    size: int


UNSENDABLE = [
    (itself, "nested too deeply"), (lambda: nested(65), "nested too deeply"),
    (lambda: nested(2000), "nested too deeply"), (lambda: nested(100_000), "nested too deeply"),
    (lambda: {1, 2}, "of type set"), (lambda: b"x", "of type bytes"),
    (lambda: Decimal("1.10"), "of type Decimal"), (lambda: datetime.now(UTC), "of type datetime"),
    (lambda: date(2026, 1, 1), "of type date"), (lambda: time(1), "of type time"), (object, "of type object"),
    (lambda: Thing(1), "of type Thing"), (lambda: float("nan"), "NaN or infinite"),
    (lambda: float("inf"), "NaN or infinite"), (lambda: -float("inf"), "NaN or infinite"),
    (lambda: 2**64, "whole number out of range"), (lambda: -(2**63) - 1, "whole number out of range"),
    (lambda: 10**400, "whole number out of range"), (lambda: "\ud83d", "surrogate"),
    (lambda: {"\ud83d": 1}, "surrogate"),
    (lambda: {1: "a", "1": "b"}, "a key that is not text"), (lambda: {None: 1}, "a key that is not text"),
    (lambda: MappingProxyType({}), "of type mappingproxy"), (lambda: (x for x in "ab"), "of type generator"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "wrong"), UNSENDABLE)
def test_an_argument_that_json_cannot_hold_is_refused_by_name(client: Any, make: Callable[[], Any], wrong: str) -> None:
    for arguments, where in (({"thing": make()}, "thing"), ({"list": ["a", make()]}, "list.1")):
        with pytest.raises(InvalidInput, match=wrong) as refused:
            client.till.keep(**arguments)
        (path,) = refused.value.details["fields"]
        assert path == where or path.startswith(where.split(".")[0])


@pytest.mark.parametrize("kwargs", [None, [], "text", 5, [("a", 1)]])
def test_arguments_that_are_no_mapping_are_refused(client: Any, kwargs: Any) -> None:
    with pytest.raises(InvalidInput, match="arguments are of type"):
        client.call("till", "keep", kwargs)


@pytest.mark.parametrize("value", [
    2**64 - 1, -(2**63), 0.1, None, True, "😀", (1, 2), UUID(int=1), {"a": [None, {"b": None}]}, nested(63)])
def test_what_json_can_hold_is_sent(value: Any) -> None:
    body = orjson.loads(encoded_call("1", "m", MappingProxyType({"value": value}), "op", 1.0, {}))
    expected = list(value) if isinstance(value, tuple) else str(value) if isinstance(value, UUID) else value
    assert body["kwargs"] == {"value": expected}


# options that are empty

@pytest.mark.parametrize("op_id", ["", 0, False, 5, "x" * 129, "a\0b", "\ud83d", b"op", [], {}])
def test_an_operation_id_that_is_none_is_refused(client: Any, op_id: Any) -> None:
    """An empty one was replaced by a fresh one: asking again with it would have done the work twice."""
    calls: Sequence[Callable[[], object]] = (
        lambda: client.till.keep(op_id=op_id), lambda: client.call("till", "keep", {}, op_id=op_id))
    for call in calls:
        with pytest.raises(InvalidInput, match=r"^op_id is not allowed"):
            call()


def test_without_an_operation_id_there_is_a_new_one_each_time() -> None:
    assert checked_op_id(None) != checked_op_id(None)
    assert checked_op_id("op_1") == "op_1"


@pytest.mark.parametrize("timeout_s", [
    0, 0.0, -1, False, True, "", "5", float("nan"), float("inf"), [], 86_401, 10**40])
def test_a_timeout_that_is_none_is_refused(client: Any, timeout_s: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^timeout_s"):
        client.till.keep(timeout_s=timeout_s)


@pytest.mark.parametrize("tenant", ["", " ", 0, False, "a b", "x" * 65, "\0", []])
def test_a_tenant_that_is_none_is_refused(client: Any, tenant: Any) -> None:
    """An empty one was left out, and the call was of the default tenant."""
    calls: Sequence[Callable[[], object]] = (
        lambda: client.till.keep(tenant=tenant), lambda: client.call("till", "keep", {}, context={"tenant": tenant}),
        lambda: client.with_context(tenant=tenant))
    for call in calls:
        with pytest.raises(InvalidInput, match=r"^tenant is not allowed"):
            call()


@pytest.mark.parametrize("name", ["caller", "tenant", "subject", "locale", "traceparent"])
def test_no_part_of_a_context_may_be_empty(client: Any, name: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{name} is not allowed"):
        client.with_context(**{name: ""})


@pytest.mark.parametrize("make", [BusClient, AsyncBusClient])
@pytest.mark.parametrize("option", ["caller", "tenant"])
def test_a_client_of_nobody_is_refused(make: Any, option: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{option} is not allowed"):
        make(NOWHERE, **{option: ""})


@pytest.mark.parametrize("timeout_s", [0, -1, False, "", None])
def test_a_client_without_time_is_refused(timeout_s: Any) -> None:
    for make in (BusClient, AsyncBusClient):
        with pytest.raises(InvalidInput, match=r"^timeout_s"):
            make(NOWHERE, timeout_s=timeout_s)


def test_an_empty_part_of_a_calls_context_is_not_lost_on_the_way() -> None:
    """It cannot come in; if it did, it must not turn into the default tenant's call."""
    assert context_to_send(CallContext("a", ""))["tenant"] == ""


@pytest.mark.parametrize(("service", "method"), [
    ("", "keep"), ("till", ""), ("a b", "keep"), ("till", "x" * 101), (None, "keep"), ("till", 5), ("till\0", "keep"),
    ("till", "\ud83d"),
])
def test_a_name_of_a_service_or_method_that_is_none_is_refused(client: Any, service: Any, method: Any) -> None:
    with pytest.raises(InvalidInput, match="is not a name"):
        client.call(service, method, {})


def test_a_good_call_is_not_refused() -> None:
    """It ends for want of a broker, and not before."""
    client = blocking()
    with pytest.raises(Unavailable):
        client.till.keep(op_id="op_1", tenant="default", thing={"a": [1, None]})
    client.close()
