"""Put events into the queues of apps: the way to an app that reads from the broker and has no endpoint of its own."""
from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any

from amqp import Message
from amqp.exceptions import MessageNacked

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.webhooks.ports import WebhookSender
from shared_components.webhooks.webhook import QUEUE_SCHEME, Sent

log = logging.getLogger(__name__)

CONFIRM_TIMEOUT_S = 5.0
TURN_TIMEOUT_S = 15.0
"""So long an attempt waits for those before it; well below the time for which its delivery is claimed."""
UNAVAILABLE, FULL = "broker-unavailable", "queue-full"


class AppQueues:
    """Sends one event at a time, on one connection that is made when it is needed. Thread-safe."""

    def __init__(self, broker_url: str) -> None:
        self._url = broker_url
        self._turn = threading.Lock()
        self._connection: BrokerConnection | None = None

    def send(self, app: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """One attempt. The event is taken once the broker has confirmed that it is in the app's queue."""
        started = monotonic()
        return Sent(None, self._put(app, headers, body), round((monotonic() - started) * 1000))

    def close(self) -> None:
        if self._turn.acquire(timeout=CONFIRM_TIMEOUT_S):
            try:
                self._leave()
            finally:
                self._turn.release()

    def _put(self, app: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """The failure as a code, None when there was none."""
        if not self._turn.acquire(timeout=TURN_TIMEOUT_S):
            return UNAVAILABLE
        try:
            self._publish(app, headers, body)
        except MessageNacked:
            return FULL
        except CONNECTION_ERRORS as error:
            log.warning("webhooks.queue.unavailable", extra={"app": app, "error": type(error).__name__})
            self._leave()
            return UNAVAILABLE
        finally:
            self._turn.release()
        return None

    def _publish(self, app: str, headers: Mapping[str, str], body: bytes) -> None:
        connection = self._connection
        if connection is None:
            # No heartbeat: nobody reads between two events. A dead connection is found by the next event's confirm.
            connection = self._connection = BrokerConnection(self._url, heartbeat_s=0)
        channel = connection.channel
        topology.declare_app_queue(channel, app)
        channel.basic_publish_confirm(
            _message(headers, body, connection.user), exchange="", routing_key=names.app_queue(app),
            confirm_timeout=CONFIRM_TIMEOUT_S)

    def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            connection.dispose()


class EventSender:
    """Sends to the address of a webhook, whichever kind it is."""

    def __init__(self, endpoints: WebhookSender, queues: AppQueues) -> None:
        self._endpoints, self._queues = endpoints, queues

    def send(self, address: str, headers: Mapping[str, str], body: bytes) -> Sent:
        if address.startswith(QUEUE_SCHEME):
            return self._queues.send(address.removeprefix(QUEUE_SCHEME), headers, body)
        return self._endpoints.send(address, headers, body)

    def close(self) -> None:
        self._queues.close()


def _message(headers: Mapping[str, str], body: bytes, user: str | None) -> Message:
    properties: dict[str, Any] = {"user_id": user} if user is not None else {}
    return Message(
        body, content_type=names.JSON_CONTENT_TYPE, content_encoding="utf-8", delivery_mode=2,
        message_id=headers["X-Zhongtai-Event-Id"], type=headers["X-Zhongtai-Event"],
        application_headers={"x-delivery": headers["X-Zhongtai-Delivery"]}, **properties)
