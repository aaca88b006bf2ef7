"""The blocking client: `client.payment.create_order(…)`. Thread-safe, green under eventlet, reconnecting."""
from __future__ import annotations

import threading
from collections.abc import Mapping
from time import monotonic, sleep, time
from typing import Any

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connect_errors import no_connection, refused_service
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.bus.amqp.topology import declare_exchange
from shared_components.bus.amqp.urls import checked_url
from shared_components.bus.client.argument_checks import (
    KNOWN_NAMES,
    checked_context,
    checked_op_id,
    checked_target,
    checked_timeout,
)
from shared_components.bus.client.outgoing_batches import Attempt, OutgoingBatch, OutgoingBatches
from shared_components.bus.client.reply_waiters import reply_waiters
from shared_components.bus.client.retry_plan import FailedCall, RetryPlan
from shared_components.bus.client.service_callers import ContextClient, ServiceCaller, context_to_send, with_version
from shared_components.bus.errors import (
    BrokerUnavailable,
    CallerNotAllowed,
    NoReply,
    QueueFull,
    UnknownService,
)
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id

REPLY_TAG = "replies"
DEFAULT_TIMEOUT_S = 10.0


class BusClient:
    """Calls services over the bus. Calls that wait together travel together.

    caller: the name stated where the broker does not verify it (development); with broker users it is the user's.
    timeout_s: the default deadline of a call, in seconds.
    """

    def __init__(
        self, url: str, *, caller: str = "operator", tenant: str | None = None, timeout_s: float = DEFAULT_TIMEOUT_S,
        heartbeat_s: int = 10,
    ) -> None:
        self._base_context = checked_context({"caller": caller, "tenant": tenant})
        url = checked_url(url)
        self._embedded = url.startswith("inproc:")
        self._timeout_s = checked_timeout(timeout_s)
        self._pending = OutgoingBatches()
        self._retries = RetryPlan()
        self._waiting = reply_waiters()
        self._work = self._waiting.signal()
        self._closing = False
        self._lock = threading.Lock()
        # a confirm may come before `publish` has returned the number it is for
        self._confirming = threading.Lock()
        self._writing = False
        self._broker = ReconnectingConnection(
            url, name=f"client-{caller}", heartbeat_s=heartbeat_s, on_open=self._open, on_lost=self._lost)

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any], *, caller: str) -> BusClient:
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
        connection = self._broker.connection
        return connection is not None and not connection.blocked

    def start(self) -> None:
        """Begin to connect now; without it the first call does."""
        self._start()

    def with_context(self, context: CallContext | None = None, **given: str) -> ContextClient:
        """A view of this client that acts for the caller of a call: same tenant, subject, locale and trace."""
        return ContextClient(self, checked_context(context_to_send(context) | with_version(given)))

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        """Call a method and wait for its reply.

        op_id: made when absent, and kept across retries, so that asking again never does it twice.
        Raises the AppError that the service answered with, or OutcomeUnknown when no reply came in time.
        """
        if self._closing:
            raise closed()
        began = monotonic()
        deadline = began + (self._timeout_s if timeout_s is None else checked_timeout(timeout_s))
        # Conditions before the calls, here and below: the ordinary call of a gateway passes by them.
        if service not in KNOWN_NAMES or method not in KNOWN_NAMES:
            checked_target(service, method)
        op_id = new_id("op") if op_id is None else checked_op_id(op_id)
        sent_context = {**self._base_context, **checked_context(context)} if context else self._base_context
        self._retries.begin()
        failed: FailedCall | None = None
        while True:
            try:
                result = self._call_once(service, method, kwargs, op_id, deadline, deadline - began, sent_context)
                self._retries.answered(service, method, monotonic() - began)
                return result
            except AppError as failure:
                failed, error = failed or FailedCall(service, method, op_id), failure
            now = monotonic()
            pause = self._retries.pause_s(failed, error, took_s=now - began, left_s=deadline - now)
            if pause is None or self._closing:
                raise failed.last_word
            sleep(pause)
            began = monotonic()

    def _call_once(
        self, service: str, method: str, kwargs: Mapping[str, Any], op_id: str, deadline: float,
        left_s: float, context: Mapping[str, str],
    ) -> Any:
        slot = self._waiting.slot()
        attempt = self._pending.prepare(
            service, method, kwargs, op_id=op_id, deadline_s=time() + left_s, context=context, settle=slot.settle)
        if not self._writing:
            self._start()
        if self._broker.connection is None and self._broker.wait_open(left_s) is None:
            raise BrokerUnavailable(no_connection(left_s, self._broker.refusal), details={"retry_after_s": 1})
        self._pending.add(attempt)
        self._work.set()
        if not slot.wait(deadline):
            self._pending.forget(attempt)
            raise no_reply(service, method, op_id)
        if slot.error is not None:
            raise slot.error
        return slot.result

    # connection

    def _start(self) -> None:
        if self._writing:
            return
        with self._lock:
            if self._closing:
                raise closed()
            if not self._writing:
                self._writing = True
                self._broker.start()
                threading.Thread(target=self._write, daemon=True, name="bus-client-writer").start()

    def _open(self, connection: BrokerConnection) -> None:
        if self._embedded:
            # As services make it: without it a call would not come back, but end the connection.
            declare_exchange(connection.channel, names.RPC_EXCHANGE, "topic")
        connection.confirm(self._confirmed)
        connection.on_return(self._returned)
        connection.consume(names.DIRECT_REPLY_TO, self._replied, tag=REPLY_TAG, no_ack=True)

    def _lost(self, connection: BrokerConnection) -> None:
        fail_lost(self._pending, self._broker.loss, connection.user)

    def _replied(self, message: Any) -> None:
        self._pending.settle_replies(message.body)

    def _confirmed(self, sequence: int, multiple: bool, accepted: bool) -> None:
        with self._confirming:
            self._pending.confirmed(
                sequence, multiple, None if accepted else QueueFull(details={"retry_after_s": 1}))

    def _returned(self, _error: Any, _exchange: str, routing_key: str, message: Any) -> None:
        self._pending.fail_ids(call_ids(message.body), unknown_service(routing_key, embedded=self._embedded))

    def _write(self) -> None:
        while not self._closing:
            self._work.wait()
            while (parcel := self._pending.take()) is not None:
                self._send(parcel)

    def _send(self, parcel: OutgoingBatch) -> None:
        connection = self._broker.connection
        if connection is None:
            self._fail(parcel.attempts, BrokerUnavailable(details={"retry_after_s": 1}))
            return
        if connection.blocked:
            self._fail(parcel.attempts, broker_blocked())
            return
        try:
            with self._confirming:
                sequence = connection.publish(
                    parcel.body, exchange=names.RPC_EXCHANGE, routing_key=f"{parcel.service}.{names.CALLS_METHOD}",
                    content_type=names.CALLS_CONTENT_TYPE, mandatory=True, reply_to=names.DIRECT_REPLY_TO,
                    expiration=parcel.expiration(time()), user=connection.user,
                )
                self._pending.sent(sequence, parcel)
        except CONNECTION_ERRORS:
            connection.abort()
            self._fail(parcel.attempts, NoReply(Bilingual(
                "the connection was lost while the call was being sent",
                "发送调用时连接中断")))

    def _fail(self, attempts: list[Attempt], error: AppError) -> None:
        for attempt in attempts:
            self._pending.fail(attempt, error)

    def close(self) -> None:
        """Close the connection; calls that are waiting fail with OutcomeUnknown."""
        self._closing = True
        self._work.set()
        self._broker.stop()
        self._pending.fail_sent(lambda: NoReply(Bilingual(
            "the client was closed",
            "客户端已关闭")))

    def __enter__(self) -> BusClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def call_ids(body: bytes | str) -> list[str]:
    """The ids of the calls in a message of ours that came back."""
    import orjson

    return [str(call["id"]) for call in orjson.loads(body)]


def broker_blocked() -> BrokerUnavailable:
    return BrokerUnavailable(Bilingual(
        "the broker accepts no messages now (resource alarm)",
        "消息代理暂不接收消息（资源告警）"), details={"retry_after_s": 1})


def fail_lost(pending: OutgoingBatches, loss: BaseException | None, user: str | None) -> None:
    """loss: what ended the connection. The broker ends it over a call that its user may not make."""
    service = refused_service(loss)
    pending.fail_sent(
        lambda: NoReply(Bilingual(
            "the connection was lost before the reply came",
            "收到答复前连接中断")),
        refused=not_open(service, user) if service else None, service=service or "")


def not_open(service: str, user: str | None) -> CallerNotAllowed:
    return CallerNotAllowed(Bilingual(
        f"the broker lets '{user}' call no service '{service}': there is none, or it is not open to this user; "
        "the gateway's /docs lists those that are open to apps",
        f"消息代理不允许“{user}”调用服务“{service}”：该服务不存在，或未对该用户开放；网关的 /docs "
        "列出对应用开放的服务"), details={"service": service})


def closed() -> BrokerUnavailable:
    return BrokerUnavailable(Bilingual(
        "the client is closed; make a new one",
        "客户端已关闭；请新建"))


def no_reply(service: str, method: str, op_id: str) -> NoReply:
    return NoReply(Bilingual(
        f"no reply from {service}.{method} before the deadline; ask again with operation id {op_id}",
        f"截止时间前未收到 {service}.{method} 的答复；请以操作编号 {op_id} 再次查询"),
        details={"op_id": op_id})


def unknown_service(routing_key: str, *, embedded: bool = False) -> UnknownService:
    service = routing_key.rpartition(".")[0]
    if embedded:
        return UnknownService(Bilingual(
            f"no service '{service}' runs on this inproc:// broker, which reaches only its own process",
            f"inproc:// 消息代理上没有运行服务“{service}”，它只能到达本进程"),
            details={"service": service})
    return UnknownService(Bilingual(
        f"no service '{service}' has ever run on this broker",
        f"消息代理上从未运行过服务“{service}”"), details={"service": service})
