"""Arguments that a client refuses at once, without a broker, and its messages."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.errors import BrokerUnavailable, UnknownService
from shared_components.kernel.errors import InvalidInput

URL = "amqp://nobody:canary@127.0.0.1:1/"


class Blocking:
    def __init__(self, url: str = URL) -> None:
        self.client = BusClient(url)

    def keep(self, *given: Any, **arguments: Any) -> Any:
        return self.client.till.keep(*given, **arguments)

    def close(self) -> None:
        self.client.close()


class Asynchronous:
    def __init__(self, url: str = URL) -> None:
        self.client = self._run(self._make(url))

    async def _make(self, url: str) -> AsyncBusClient:
        return AsyncBusClient(url)

    def keep(self, *given: Any, **arguments: Any) -> Any:
        return self._run(self.client.till.keep(*given, **arguments))

    def close(self) -> None:
        self._run(self.client.close())

    @staticmethod
    def _run(waiting: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await waiting

        return asyncio.run(wait())


@pytest.fixture(params=[Blocking, Asynchronous])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_an_argument_without_a_name(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"till\.keep takes its arguments by name"):
        kind().keep("canary")


@pytest.mark.parametrize(("timeout_s", "shown"), [
    (0, "0"), (-1, "-1"), ("5", "str"), (True, "bool"), (float("nan"), "nan"), (float("inf"), "inf"),
    pytest.param(10**5000, "int", id="endless"),
])
def test_a_timeout_that_is_none(kind: Any, timeout_s: Any, shown: str) -> None:
    with pytest.raises(InvalidInput, match=f"timeout_s is {shown};"):
        kind().keep(timeout_s=timeout_s)


@pytest.mark.parametrize("url", [
    "", "127.0.0.1", "http://a:canary@b/", "amqp://", "amqp://a:canary@b:port/", "amqp://a:canary@[b/", None])
def test_a_url_that_is_none(kind: Any, url: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^url ") as refused:
        kind(url)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(("arguments", "path"), [
    ({"a": {"b": [1, object()]}}, "a.b.1"), ({"a": {1, 2}}, "a"), ({"a": {"b": b"x"}}, "a.b"),
])
def test_a_value_without_a_form_in_json(kind: Any, arguments: Any, path: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{path} of type") as refused:
        kind().keep(**arguments)
    assert list(refused.value.details["fields"]) == [path]


def test_a_call_after_the_end(kind: Any) -> None:
    client = kind()
    client.close()
    with pytest.raises(BrokerUnavailable, match="the client is closed"):
        client.keep(timeout_s=30)


def test_inproc_reaches_its_own_process_only() -> None:
    with BusClient("inproc://given-test") as client, pytest.raises(UnknownService, match="only its own process"):
        client.till.keep(timeout_s=20)
    with pytest.raises(InvalidInput, match=r"^url begins with none of amqp"):
        asyncio.run(Asynchronous._make(Asynchronous.__new__(Asynchronous), "inproc://"))
