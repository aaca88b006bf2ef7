"""The stub on a bus: `inproc://` for tests in one process, or a broker."""
from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self

from shared_components.bus.amqp import names, wire
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.bus.amqp.topology import declare_rpc
from shared_components.kernel.errors import AppError
from shared_components.testing.stub.answers import Answer, StubServices

log = logging.getLogger(__name__)
OPEN_WITHIN_S = 10.0


class BusStub:
    """Serves the queues of the stub's services until it is left."""

    def __init__(self, services: StubServices, url: str) -> None:
        self._services = services
        self._broker = ReconnectingConnection(
            url, name="stub", heartbeat_s=10, on_open=self._open, on_lost=lambda connection: None)
        self._timers: list[threading.Timer] = []

    def __enter__(self) -> Self:
        self._broker.start()
        self._broker.wait_open(OPEN_WITHIN_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        for timer in self._timers:
            timer.cancel()
        self._broker.stop()

    def _open(self, connection: BrokerConnection) -> None:
        for service in self._services.services:
            declare_rpc(connection.channel, service)
            connection.consume(
                names.rpc_queue(service), partial(self._serve, connection, service), tag=f"stub-{service}", no_ack=True)

    def _serve(self, connection: BrokerConnection, service: str, message: Any) -> None:
        reply_to = message.properties.get("reply_to")
        if message.properties.get("content_type") != names.CALLS_CONTENT_TYPE or not reply_to:
            log.warning("stub.message.refused", extra={"service": service})
            return
        try:
            calls = wire.decode_calls(message.body)
        except AppError as error:
            log.warning("stub.message.refused", extra={"service": service, "code": error.code})
            return
        for call in calls:
            if isinstance(call, AppError):
                self._reply(connection, str(reply_to), str(call.details.get("id", "")), Answer(error=call))
            else:
                answer = self._services.answer(service, call.method, call.kwargs, call.op_id)
                self._reply(connection, str(reply_to), str(call.id), answer)

    def _reply(self, connection: BrokerConnection, reply_to: str, call_id: str, answer: Answer) -> None:
        if answer.lost:
            return
        if answer.delay_s:
            timer = threading.Timer(answer.delay_s, self._send, (connection, reply_to, call_id, answer))
            timer.daemon = True
            self._timers.append(timer)
            timer.start()
        else:
            self._send(connection, reply_to, call_id, answer)

    def _send(self, connection: BrokerConnection, reply_to: str, call_id: str, answer: Answer) -> None:
        parts: Sequence[bytes] = [wire.encode_reply(call_id, answer.result, answer.error)]
        try:
            connection.publish(
                wire.encode_list(parts), exchange="", routing_key=reply_to, content_type=names.REPLIES_CONTENT_TYPE)
        except CONNECTION_ERRORS:
            log.warning("stub.reply.lost")  # the caller has gone
