"""Events from the app's own queue at the broker, for apps that have no endpoint of their own: each is handled once.

    EventQueue("amqp://app-demo:secret@host:5672/vhost", SqliteInbox("inbox.db")).run(handle)
"""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from amqp.exceptions import AccessRefused

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, user_of
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Forbidden, InvalidInput
from zhongtai_client.events import Event, Inbox, read_event

log = logging.getLogger(__name__)

AHEAD = 20
"""Events that the broker sends before the first of them is acknowledged."""
LONGEST_PAUSE_S = 60.0
_TAG, _POLL_S = "events", 0.5


class EventQueueRefused(Forbidden):
    code = "client.event-queue-refused"
    texts = {"en": "The broker does not let the app read its queue.", "zh": "消息代理拒绝应用读取其队列。"}


class AppUnnamed(InvalidInput):
    code = "client.app-unnamed"
    texts = {"en": "The app whose queue is read has no name.", "zh": "未指明读取哪个应用的队列。"}


class EventQueue:
    """Reads the queue that `put_webhook` with the address `queue:own` fills. Reconnects, and waits for a queue to come.

    url: as of Client. app: only where the URL has no user, such as `inproc://`.
    """

    def __init__(self, url: str, inbox: Inbox, *, app: str | None = None, heartbeat_s: int = 10) -> None:
        """Raises AppUnnamed."""
        app = app or user_of(url)
        if app is None:
            raise AppUnnamed(Bilingual("neither url nor app names the app", "url 和 app 均未指明应用"))
        self._queue, self._inbox = names.app_queue(app), inbox
        self._messages: SimpleQueue[tuple[BrokerConnection, Any]] = SimpleQueue()
        self._stopping = threading.Event()
        self._refusal: BaseException | None = None
        self._broker = ReconnectingConnection(
            url, name=f"events-{app}", heartbeat_s=heartbeat_s, on_open=self._open, on_refused=self._refused,
            longest_pause_s=5.0)

    def run(self, handle: Callable[[Event], object]) -> None:
        """Handle events until `stop`.

        When `handle` raises, the event goes back to the queue and comes again. A pause, which grows to a minute while
        events fail, comes first. Raises EventQueueRefused.
        """
        self._broker.start()
        failures = 0
        try:
            while not self._stopping.is_set():
                self._raise_refusal()
                try:
                    connection, message = self._messages.get(timeout=_POLL_S)
                except Empty:
                    continue
                failures = 0 if self._take(connection, message, handle) else failures + 1
                if failures:
                    self._stopping.wait(min(2.0 ** (failures - 1), LONGEST_PAUSE_S))
        finally:
            self._broker.stop()

    def stop(self) -> None:
        """End `run` after the event in hand. What came ahead of it goes back to the queue."""
        self._stopping.set()

    def _open(self, connection: BrokerConnection) -> None:
        connection.channel.basic_qos(0, AHEAD, False)
        connection.consume(self._queue, lambda message: self._messages.put((connection, message)), tag=_TAG)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, AccessRefused):
            self._refusal = error

    def _raise_refusal(self) -> None:
        if self._refusal is not None:
            raise EventQueueRefused(Bilingual(
                f"the broker refuses queue '{self._queue}'; an app reads its own queue alone, with its newest key",
                f"消息代理拒绝队列“{self._queue}”；应用只能用最新密钥读取自己的队列"))

    def _take(self, connection: BrokerConnection, message: Any, handle: Callable[[Event], object]) -> bool:
        """False when the event comes again."""
        if connection.closed:
            return True  # not ours any more: the broker sends it again
        tag = message.delivery_info["delivery_tag"]
        try:
            self._handle(message.body, handle)
        except Exception as error:
            log.error("client.event.failed", extra={
                "event": message.properties.get("message_id"), "type": message.properties.get("type"),
                "error": type(error).__name__, "code": error.code if isinstance(error, AppError) else None})
            self._answer(lambda: connection.reject(tag, requeue=True))
            return False
        self._answer(lambda: connection.ack(tag))
        return True

    def _handle(self, body: Any, handle: Callable[[Event], object]) -> None:
        event = read_event(body if isinstance(body, bytes) else str(body).encode())
        with self._inbox.once(event.id) as is_new:
            if is_new:
                handle(event)

    def _answer(self, answer: Callable[[], None]) -> None:
        """A connection that was lost needs no answer: the event comes again, and the inbox knows it."""
        try:
            answer()
        except CONNECTION_ERRORS as error:
            log.warning("client.event.unanswered", extra={"error": type(error).__name__})
