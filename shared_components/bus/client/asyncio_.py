"""The asyncio client: `await client.call("payment", "create_order", {…})`, or `client.payment.create_order(…)`.

Same surface, same coalescing and same rules as the blocking client; for processes without eventlet.
"""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from time import time
from typing import Any, Protocol

import aiormq
import aiormq.exceptions
from aiormq import spec

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connect_errors import no_connection, refused_service, why
from shared_components.bus.amqp.connection import backoff_s, user_of
from shared_components.bus.amqp.urls import checked_url
from shared_components.bus.client.argument_checks import checked_context, checked_op_id, checked_target, checked_timeout
from shared_components.bus.client.blocking import (
    DEFAULT_TIMEOUT_S,
    broker_blocked,
    closed,
    fail_lost,
    no_reply,
    not_open,
    unknown_service,
)
from shared_components.bus.client.outgoing_batches import Attempt, OutgoingBatch, OutgoingBatches
from shared_components.bus.client.retry_plan import FailedCall, RetryPlan
from shared_components.bus.client.service_callers import ContextClient, ServiceCaller, context_to_send, with_version
from shared_components.bus.errors import BrokerUnavailable, NoReply, QueueFull
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.broker_nodes import in_any_order
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError

# A lone call never waits for a confirm; calls that come faster than the broker takes messages travel together.
MOST_UNCONFIRMED = 2
# A node behind a broken link says nothing; the operating system alone would wait for minutes.
CONNECT_TIMEOUT_S = 10.0


class AsyncBus(Protocol):
    """Interface through which an ASGI app calls services; see AsyncBusClient.call."""

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any: ...

    @property
    def connected(self) -> bool: ...

    async def close(self) -> None: ...


class AsyncBusClient:
    """One connection, kept open; calls of one turn of the event loop travel together."""

    def __init__(
        self, url: str, *, caller: str = "operator", tenant: str | None = None, timeout_s: float = DEFAULT_TIMEOUT_S,
        heartbeat_s: int = 10,
    ) -> None:
        url = checked_url(url, ("amqp", "amqps"))
        # RabbitMQ's URL parameter: aiormq has no argument for it
        self._nodes = [
            node + ("&" if "?" in node else "?") + f"heartbeat={heartbeat_s}" for node in in_any_order(url)]
        self._user = user_of(url)
        self._base_context = checked_context({"caller": caller, "tenant": tenant})
        self._timeout_s = checked_timeout(timeout_s)
        self._closing = False
        self._pending = OutgoingBatches()
        self._retries = RetryPlan()
        self._channel: Any = None
        self._connection: Any = None
        self._opened = asyncio.Event()
        self._refusal = ""
        self._keeper: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._flush_planned = False

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any], *, caller: str) -> AsyncBusClient:
        return cls(
            configuration["broker"]["url"], caller=caller, tenant=configuration["bus"]["default_tenant"],
            timeout_s=configuration["bus"]["default_timeout_s"], heartbeat_s=configuration["broker"]["heartbeat_s"],
        )

    def __getattr__(self, service: str) -> ServiceCaller:
        if service.startswith("_"):
            raise AttributeError(service)
        return ServiceCaller(self, service, {})

    @property
    def connected(self) -> bool:
        return self._channel is not None and accepts(self._connection)

    def with_context(self, context: CallContext | None = None, **given: str) -> ContextClient:
        """See BusClient.with_context."""
        return ContextClient(self, checked_context(context_to_send(context) | with_version(given)))

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        """Call a method; see BusClient.call."""
        if self._closing:
            raise closed()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self._timeout_s if timeout_s is None else checked_timeout(timeout_s))
        checked_target(service, method)
        op_id = checked_op_id(op_id)
        sent_context = {**self._base_context, **checked_context(context)} if context else self._base_context
        self._retries.begin()
        failed: FailedCall | None = None
        while True:
            began = loop.time()
            try:
                result = await self._call_once(service, method, kwargs, op_id, deadline, sent_context)
                self._retries.answered(service, method, loop.time() - began)
                return result
            except AppError as failure:
                failed, error = failed or FailedCall(service, method, op_id), failure
            now = loop.time()
            pause = self._retries.pause_s(failed, error, took_s=now - began, left_s=deadline - now)
            if pause is None or self._closing:
                raise failed.last_word
            await asyncio.sleep(pause)

    async def _call_once(
        self, service: str, method: str, kwargs: Mapping[str, Any], op_id: str, deadline: float,
        context: Mapping[str, str],
    ) -> Any:
        loop = asyncio.get_running_loop()
        left_s = deadline - loop.time()
        reply: asyncio.Future[Any] = loop.create_future()

        def settle(result: Any, error: AppError | None) -> None:
            if reply.done():
                return
            if error is None:
                reply.set_result(result)
            else:
                reply.set_exception(error)

        attempt = self._pending.prepare(
            service, method, kwargs, op_id=op_id, deadline_s=time() + left_s, context=context, settle=settle)
        if self._channel is None:
            await self._wait_open(left_s)
        self._pending.add(attempt)
        if not self._flush_planned:
            self._flush_planned = True
            loop.call_soon(self._flush)
        timer = loop.call_at(deadline, self._give_up, attempt, method, op_id)
        try:
            return await reply
        finally:
            timer.cancel()
            if reply.cancelled():
                self._pending.forget(attempt)

    def _give_up(self, attempt: Attempt, method: str, op_id: str) -> None:
        self._pending.fail(attempt, no_reply(attempt.service, method, op_id))

    # sending

    def _flush(self) -> None:
        """Send what has gathered. While the broker has not yet confirmed the last messages, more gathers instead."""
        self._flush_planned = False
        while len(self._sending) < MOST_UNCONFIRMED and (parcel := self._pending.take()) is not None:
            task = asyncio.get_running_loop().create_task(self._send(parcel))
            self._sending.add(task)
            task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not self._flush_planned:
            self._flush()

    async def _send(self, parcel: OutgoingBatch) -> None:
        error: AppError
        try:
            if self._channel is None:
                raise BrokerUnavailable(details={"retry_after_s": 1})
            if not accepts(self._connection):
                raise broker_blocked()
            await self._channel.basic_publish(
                parcel.body, exchange=names.RPC_EXCHANGE, routing_key=f"{parcel.service}.{names.CALLS_METHOD}",
                mandatory=True, wait=False,
                properties=spec.Basic.Properties(
                    content_type=names.CALLS_CONTENT_TYPE, content_encoding="utf-8", delivery_mode=1,
                    reply_to=names.DIRECT_REPLY_TO, expiration=parcel.expiration(time()), user_id=self._user,
                ),
            )
            return
        except AppError as failure:
            error = failure
        except aiormq.exceptions.PublishError:
            error = unknown_service(f"{parcel.service}.{names.CALLS_METHOD}")
        except aiormq.exceptions.DeliveryError:
            error = QueueFull(details={"retry_after_s": 1})
        except (aiormq.exceptions.AMQPError, OSError, asyncio.CancelledError) as lost:
            refused = refused_service(lost)
            error = (not_open(refused, self._user) if refused == parcel.service
                     else NoReply(Bilingual(
                         "the connection was lost while the call was being sent",
                         "发送调用时连接中断")))
        for attempt in parcel.attempts:
            self._pending.fail(attempt, error)

    # connection

    async def _wait_open(self, left_s: float) -> None:
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_open())
        try:
            await asyncio.wait_for(self._opened.wait(), max(left_s, 0))
        except TimeoutError:
            raise BrokerUnavailable(no_connection(left_s, self._refusal), details={"retry_after_s": 1}) from None

    async def start(self) -> None:
        """Begin to connect; calls wait for it as long as their deadline allows."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_open())

    async def _keep_open(self) -> None:
        attempt = 0
        while True:
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_S):
                    connection = await aiormq.connect(self._nodes[0])
                channel = await connection.channel(publisher_confirms=True)
                await channel.basic_consume(names.DIRECT_REPLY_TO, self._replied, no_ack=True)
            except (aiormq.exceptions.AMQPError, OSError, TimeoutError) as error:
                self._refusal = why(error)
                self._nodes.append(self._nodes.pop(0))
                # A node that is away says nothing about the next one.
                await asyncio.sleep(backoff_s(attempt // len(self._nodes)))
                attempt += 1
                continue
            attempt, self._refusal = 0, ""
            self._connection, self._channel = connection, channel
            self._opened.set()
            # AMQPError as a result is news, not a failure of ours
            loss: BaseException | None = None
            with suppress(aiormq.exceptions.AMQPError, OSError):
                ended, _ = await asyncio.wait(
                    [asyncio.ensure_future(connection.closing), asyncio.ensure_future(channel.closing)],
                    return_when=asyncio.FIRST_COMPLETED)
                loss = next((one.exception() for one in ended if not one.cancelled()), None)
            self._opened.clear()
            self._channel = None
            with suppress(Exception):
                await connection.close()
            fail_lost(self._pending, loss, self._user)

    async def _replied(self, message: Any) -> None:
        self._pending.settle_replies(message.body)

    async def close(self) -> None:
        self._closing = True
        if self._keeper is not None:
            self._keeper.cancel()
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close()
        self._pending.fail_sent(lambda: NoReply(Bilingual(
            "the client was closed",
            "客户端已关闭")))

    async def __aenter__(self) -> AsyncBusClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def accepts(connection: Any) -> bool:
    """Tell whether the broker accepts messages now: while it does not, aiormq's `ready()` waits."""
    ready = connection.ready()
    try:
        ready.send(None)
    except StopIteration:
        return True
    ready.close()
    return False
