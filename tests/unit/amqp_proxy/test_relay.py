"""The edge between a client and a broker that are both sockets of the test: ends of every kind."""
from __future__ import annotations

import asyncio
import gc
import ssl
import struct
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from shared_components.amqp_proxy import relay, server
from shared_components.amqp_proxy.frames import CLOSE_OK, LEAST_COUNTED, PROTOCOL_HEADER, connection_close
from shared_components.amqp_proxy.limits import Limits
from shared_components.amqp_proxy.server import Edge
from shared_components.bus.amqp import frames as written
from shared_components.devstack.processes import LOOPBACK, free_port
from tests.certificates import Authority

LIMIT, PATIENCE_S = 1000, 5.0
GOOD = written.publish(1, b"x" * 500, exchange="nameko-rpc", routing_key="q", content_type="a/b", mandatory=False,
                       persistent=False, properties={"user_id": "app-demo"}, frame_max=written.FRAME_MAX)  # fmt: skip
LARGE = struct.pack(">BHIHHQH", written.HEADER, 1, 14, 60, 0, LIMIT + 1, 0) + written.END
_RESPONSE = b"\0app-demo\0secret"
_ARGUMENTS = struct.pack(">HHI6sI", 10, 11, 0, b"\x05PLAIN", len(_RESPONSE)) + _RESPONSE + b"\x05en_US"
LOGIN = struct.pack(">BHI", written.METHOD, 0, len(_ARGUMENTS)) + _ARGUMENTS + written.END
BEGUN = PROTOCOL_HEADER + LOGIN
REPLY = struct.pack(">BHI", written.BODY, 1, 400) + b"r" * 400 + written.END


@pytest.fixture(autouse=True)
def no_long_farewell_at_the_end_of_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LEAVING_S", 0.2)


@dataclass
class Broker:
    """Takes what comes, and keeps it."""

    received: bytearray = field(default_factory=bytearray)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)
    ended: int = 0
    reading: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        with suppress(OSError):
            while True:
                await self.reading.wait()
                data = await reader.read(65536)
                if not data:
                    break
                self.received += data
        self.ended += 1
        writer.close()


@dataclass
class Stage:
    edge: Edge
    broker: Broker
    port: int
    stopping: asyncio.Event

    async def connect(self, *begin: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        for data in begin:
            writer.write(data)
        return reader, writer

    async def greeted(self, *begin: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        before = len(self.broker.connections)
        client = await self.connect(BEGUN, *begin)
        await until(lambda: len(self.broker.connections) > before)
        return client


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 -- other tasks of this loop bring it about
            await asyncio.sleep(0.005)


async def rest(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        try:
            return await reader.read(-1)
        except ConnectionResetError:
            return b""


@asynccontextmanager
async def stage(*, with_broker: bool = True, tls: ssl.SSLContext | None = None, **limits: Any) -> AsyncIterator[Stage]:
    allowed = {"max_message_bytes": LIMIT, "bytes_per_s": 10**9, "connections": 100, "connections_per_address": 100,
               "new_connections_per_s": 1000, **limits}  # fmt: skip
    broker, broker_port = Broker(), free_port()
    broker.reading.set()
    listening = await asyncio.start_server(broker.serve, LOOPBACK, broker_port) if with_broker else None
    edge = Edge(f"amqp://{LOOPBACK}:{broker_port}", Limits(**allowed), host=LOOPBACK, port=0, tls=tls)
    stopping = asyncio.Event()
    serving = asyncio.create_task(edge.serve(stopping))
    await until(lambda: edge.listening)
    try:
        yield Stage(edge, broker, edge.port, stopping)
    finally:
        stopping.set()
        async with asyncio.timeout(2 * PATIENCE_S):
            await serving
        if listening is not None:
            listening.close()


def on_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(asyncio.wait_for(test(**fixtures), 30))

    return run


@on_a_loop
async def test_both_directions_go_through_and_an_end_ends_the_other_side() -> None:
    async with stage() as on:
        reader, writer = await on.greeted(GOOD)
        await until(lambda: on.broker.received == BEGUN + GOOD)
        on.broker.connections[0].write(REPLY)
        assert await reader.readexactly(len(REPLY)) == REPLY
        writer.write(GOOD)
        writer.close()
        await until(lambda: on.broker.ended == 1)
        assert on.broker.received == BEGUN + 2 * GOOD, "what was sent before the end arrives"
        await until(lambda: not on.edge._addresses.connections)


@on_a_loop
async def test_when_the_broker_leaves_its_last_words_arrive() -> None:
    async with stage() as on:
        reader, _ = await on.greeted()
        on.broker.connections[0].write(REPLY)
        on.broker.connections[0].close()
        assert await rest(reader) == REPLY


@on_a_loop
async def test_a_large_message_ends_its_connection_with_the_reason_and_what_came_before_it_arrives() -> None:
    async with stage() as on:
        other = await on.greeted()
        reader, writer = await on.greeted(GOOD, GOOD + LARGE + b"y" * 100_000)
        said = connection_close(406, f"a message has {LIMIT + 1} bytes; at most {LIMIT} are allowed")
        assert await reader.readexactly(len(said)) == said
        await until(lambda: on.broker.ended == 1)
        assert on.broker.received == 2 * BEGUN + 2 * GOOD
        writer.write(b"y" * 100_000 + CLOSE_OK[:5])
        await asyncio.sleep(0.05)
        writer.write(CLOSE_OK[5:])
        assert await rest(reader) == b"", "the edge ends it when the client has heard"
        on.broker.connections[0].write(REPLY)
        assert await other[0].readexactly(len(REPLY)) == REPLY, "another app's connection is as it was"


@on_a_loop
async def test_the_reason_stands_behind_the_frame_that_was_begun() -> None:
    async with stage() as on:
        reader, writer = await on.greeted()
        on.broker.connections[0].write(REPLY + REPLY[:100])
        await reader.readexactly(len(REPLY) + 100)
        writer.write(LARGE)
        await until(lambda: not on.edge._addresses.connections or bool(next(iter(on.edge._apps))._ending))
        on.broker.connections[0].write(REPLY[100:] + REPLY)
        said = connection_close(406, f"a message has {LIMIT + 1} bytes; at most {LIMIT} are allowed")
        assert await reader.readexactly(len(REPLY) - 100 + len(said)) == REPLY[100:] + said


@on_a_loop
async def test_a_client_that_is_refused_and_never_says_so_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "FAREWELL_S", 0.2)
    async with stage() as on:
        reader, _ = await on.greeted(LARGE)
        assert (await rest(reader)).startswith(struct.pack(">BH", 1, 0))
        await until(lambda: not on.edge._addresses.connections)


GREETINGS = [b"GET / HTTP/1.1\r\n\r\n", b"AMQP\x00\x01\x00\x00", b"AMQP\x03\x01\x00\x00", b"\x16\x03\x01"]


@pytest.mark.parametrize("greeting", GREETINGS, ids=["HTTP", "AMQP 1.0", "SASL of AMQP 1.0", "TLS"])
def test_another_protocol_hears_which_one_is_spoken_and_the_broker_hears_nothing(greeting: bytes) -> None:
    @on_a_loop
    async def check() -> None:
        async with stage() as on:
            reader, _ = await on.connect(greeting)
            assert await rest(reader) == PROTOCOL_HEADER
            assert not on.broker.connections

    check()


@on_a_loop
async def test_who_says_nothing_is_left_and_costs_the_broker_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "GREETING_TIMEOUT_S", 0.2)
    async with stage() as on:
        silent, slow = await on.connect(), await on.connect(PROTOCOL_HEADER[:5])
        greeted = await on.greeted()
        assert await rest(silent[0]) == await rest(slow[0]) == b""
        await asyncio.sleep(0.3)
        on.broker.connections[0].write(REPLY)
        assert await greeted[0].readexactly(len(REPLY)) == REPLY
        assert len(on.broker.connections) == 1


@on_a_loop
async def test_a_greeting_may_come_in_pieces() -> None:
    async with stage() as on:
        _, writer = await on.connect(PROTOCOL_HEADER[:3])
        await asyncio.sleep(0.05)
        writer.write(BEGUN[3:] + GOOD)
        await until(lambda: on.broker.received == BEGUN + GOOD)


@on_a_loop
async def test_without_a_broker_connections_end_and_the_edge_goes_on() -> None:
    async with stage(with_broker=False) as on:
        for _ in range(3):
            reader, _ = await on.connect(PROTOCOL_HEADER)
            assert await rest(reader) == b""
        assert on.edge.broker_answers() is not None
        assert on.edge.listening


@on_a_loop
async def test_nothing_is_kept_of_a_connection_that_has_gone() -> None:
    async with stage() as on:
        for first_to_go in ("app", "broker"):
            _, writer = await on.greeted()
            app, = on.edge._apps
            kept: list[weakref.ref[Any]] = [weakref.ref(each) for each in (app, app.transport, app._broker)]
            del app
            (writer if first_to_go == "app" else on.broker.connections[-1]).close()
            await until(lambda: not on.edge._apps)
            await until(lambda: gc.collect() >= 0 and not any(one() for one in kept))  # noqa: B023


@on_a_loop
async def test_a_broker_whose_name_can_be_none_is_unreachable_too() -> None:
    async with stage() as on:
        on.edge.nodes = [("a..b", 5672)]
        reader, _ = await on.connect(PROTOCOL_HEADER)
        assert await rest(reader) == b""


@on_a_loop
async def test_one_connection_too_many_is_refused_until_another_ends() -> None:
    async with stage(connections_per_address=2) as on:
        first, second = await on.greeted(), await on.greeted()
        refused = await on.connect(PROTOCOL_HEADER)
        assert await rest(refused[0]) == b""
        first[1].close()
        await until(lambda: on.edge._addresses.connections == 1)
        third = await on.greeted()
        assert not second[1].is_closing() and not third[1].is_closing()


@on_a_loop
async def test_what_comes_too_fast_stays_with_the_sender() -> None:
    async with stage(bytes_per_s=100_000) as on:
        loop = asyncio.get_running_loop()
        began = loop.time()
        _, writer = await on.greeted()
        sending = asyncio.create_task(_send(writer, 20_000 * GOOD))
        await asyncio.sleep(0.5)
        # At least so long has passed; the buffers hold a piece of 256 KiB that is paid for afterwards.
        most = 100_000 * (loop.time() - began) + 2 * LIMIT + 256 * 1024
        assert 0 < len(on.broker.received) <= most
        assert not sending.done()
        sending.cancel()


@on_a_loop
async def test_a_broker_that_reads_nothing_is_not_buffered_for() -> None:
    async with stage() as on:
        on.broker.reading.clear()
        _, writer = await on.greeted()
        sending = asyncio.create_task(_send(writer, 60_000 * GOOD))
        await asyncio.sleep(0.5)
        app = next(iter(on.edge._apps))
        assert app._holds == {"broker"}
        assert app._broker is not None
        assert app._broker.transport is not None
        assert app._broker.transport.get_write_buffer_size() < 1024 * 1024
        on.broker.reading.set()
        await asyncio.wait_for(sending, PATIENCE_S)
        await until(lambda: len(on.broker.received) == len(BEGUN) + 60_000 * len(GOOD))


@on_a_loop
async def test_an_app_that_reads_nothing_is_not_buffered_for() -> None:
    async with stage() as on:
        reader, _ = await on.greeted()
        sending = asyncio.create_task(_send(on.broker.connections[0], 60_000 * REPLY))
        await asyncio.sleep(0.5)
        app = next(iter(on.edge._apps))
        assert app.transport is not None
        assert app.transport.get_write_buffer_size() < 1024 * 1024
        received = 0
        while received < 60_000 * len(REPLY):
            received += len(await asyncio.wait_for(reader.read(1 << 20), PATIENCE_S))
        await sending


@on_a_loop
async def test_at_a_stop_apps_are_told_to_connect_again() -> None:
    async with stage() as on:
        reader, writer = await on.greeted()
        silent, _ = await on.connect()
        on.stopping.set()
        said = connection_close(320, "the edge is being stopped; connect again")
        assert await reader.readexactly(len(said)) == said
        writer.write(CLOSE_OK)
        assert await rest(reader) == await rest(silent) == b""
        with pytest.raises(OSError, match="Connect call failed"):
            await on.connect()


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make the TLS contexts of the proxy and of an app."""
    authority = Authority(tmp_path)
    files = authority.issue(LOOPBACK)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files["tls_certificate_file"], files["tls_key_file"])
    return context, ssl.create_default_context(cafile=str(authority.path))


@on_a_loop
async def test_what_came_over_tls_and_left_is_no_longer_counted(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with stage(tls=tls[0], connections_per_address=2, new_connections_per_s=20) as on:
        for number in range(1, 6):  # more than may be at once, and the later ones wait their turn
            reader, writer = await asyncio.open_connection(LOOPBACK, on.port, ssl=tls[1])
            writer.write(BEGUN + GOOD)
            await until(lambda: len(on.broker.received) == number * len(BEGUN + GOOD))  # noqa: B023
            on.broker.connections[-1].write(REPLY)
            assert await reader.readexactly(len(REPLY)) == REPLY
            writer.close()
            await until(lambda: not on.edge._addresses.connections)


@on_a_loop
async def test_who_begins_tls_and_goes_no_further_is_counted_and_left(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(relay, "GREETING_TIMEOUT_S", 0.5)
    async with stage(tls=tls[0], connections_per_address=3) as on:
        silent = await on.connect()
        half = await on.connect(b"\x16\x03\x01\x02\x00\x01")
        gone = await on.connect(b"\x16\x03\x01\x02\x00\x01")
        await until(lambda: on.edge._addresses.connections == 3)
        assert await rest((await on.connect())[0]) == b"", "it is one too many"
        gone[1].close()
        await until(lambda: on.edge._addresses.connections == 2)
        plain = await on.connect(PROTOCOL_HEADER)
        assert PROTOCOL_HEADER not in await rest(plain[0])
        assert await rest(silent[0]) == await rest(half[0]) == b""
        await until(lambda: not on.edge._addresses.connections)
        assert not on.broker.connections


@on_a_loop
async def test_the_answer_to_another_protocol_comes_over_tls_too(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with stage(tls=tls[0]) as on:
        reader, writer = await asyncio.open_connection(LOOPBACK, on.port, ssl=tls[1])
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await rest(reader) == PROTOCOL_HEADER
        await until(lambda: not on.edge._addresses.connections)


@on_a_loop
async def test_many_small_frames_are_slowed_for_what_they_take_to_look_at() -> None:
    async with stage(bytes_per_s=100_000) as on:
        loop = asyncio.get_running_loop()
        began = loop.time()
        _, writer = await on.greeted()
        heartbeat = struct.pack(">BHI", 8, 0, 0) + written.END
        sending = asyncio.create_task(_send(writer, 1_000_000 * heartbeat))
        await asyncio.sleep(0.5)
        most = 100_000 * (loop.time() - began) + 2 * LIMIT
        assert len(on.broker.received) <= most * len(heartbeat) / LEAST_COUNTED + 256 * 1024
        assert not sending.done()
        sending.cancel()


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    for at in range(0, len(data), 65536):
        writer.write(data[at:at + 65536])
        await writer.drain()
