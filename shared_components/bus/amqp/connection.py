"""One connection to the broker with one channel: the same calls for RabbitMQ and for `inproc://`.

A connection is used by one reading thread (or greenlet) and any number of writing ones. It does not reconnect: whoever
owns it opens a new one, because what was unacknowledged on the old one is void.
"""
from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp.exceptions
import kombu.exceptions
from amqp import spec
from kombu.connection import Connection

import shared_components.inproc  # noqa: F401  registers the transport
from shared_components.bus.amqp import decoding_guard, frames
from shared_components.bus.amqp.tls_stream import TlsStream
from shared_components.kernel.broker_nodes import in_any_order

decoding_guard.install()

log = logging.getLogger(__name__)

CONNECTION_ERRORS: tuple[type[BaseException], ...] = (
    OSError,
    amqp.exceptions.AMQPError,
    kombu.exceptions.KombuError,
    # py-amqp raises these when a connection is torn down by another thread
    AttributeError,
    KeyError,
    TypeError,
    NotImplementedError,
)
CONNECT_TIMEOUT_S = 5
INPROC_TICK_S = 1.0


def user_of(url: str) -> str | None:
    """The broker user that a URL logs in as; None where the broker has no users (`inproc://`)."""
    parts = urlsplit(url)
    if parts.scheme == "inproc":
        return None
    return unquote(parts.username) if parts.username else "guest"


@dataclass(frozen=True, slots=True)
class Publication:
    """One message to send. properties: of AMQP, such as message_id; values are text."""

    body: bytes
    exchange: str
    routing_key: str
    content_type: str
    mandatory: bool = False
    persistent: bool = False
    headers: Mapping[str, Any] | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def all_properties(self) -> dict[str, Any]:
        return {**self.properties, "delivery_mode": 2 if self.persistent else 1}

    @property
    def is_plain(self) -> bool:
        return not self.headers and frames.KNOWN.issuperset(self.properties)

    def frames(self, channel: int, frame_max: int) -> bytes:
        return frames.publish(
            channel, self.body, exchange=self.exchange, routing_key=self.routing_key, content_type=self.content_type,
            mandatory=self.mandatory, persistent=self.persistent, properties=self.properties, frame_max=frame_max)


class BrokerConnection:
    """An open connection and channel at one node. All methods raise one of CONNECTION_ERRORS when it is broken."""

    def __init__(self, url: str, *, heartbeat_s: int = 10) -> None:
        self.url = url
        self.user = user_of(url)
        self.blocked = False
        self.closed = False
        self._ended = threading.Event()
        self._is_amqp = urlsplit(url).scheme != "inproc"
        self._connection = self._connect(heartbeat_s)
        self._raw = self._connection.connection
        # Kept by us: once it has ended, py-amqp's `transport` property would connect anew when it is looked at.
        self._transport: Any = self._raw.transport if self._is_amqp else None
        self.channel: Any = self._connection.channel()
        # Kept too: py-amqp clears channel_id when the broker closes the channel; a reply would fail with TypeError.
        self._channel_id: int = self.channel.channel_id
        # The frames of one message may not have another's between them.
        self._writing = threading.RLock()
        if self._is_amqp:
            self._read_ahead()
        self._gathered: list[bytes] | None = None
        self._published = 0
        if self._is_amqp and heartbeat_s:
            threading.Thread(target=self._beat, args=(heartbeat_s / 4,), daemon=True, name="bus-heartbeat").start()

    def _connect(self, heartbeat_s: int) -> Any:
        """Connect to the first node that accepts; of a cluster the URL names several."""
        make_connection: Any = Connection  # kombu declares no types
        *others, last = in_any_order(self.url)
        for node in (*others, last):
            connection = make_connection(
                node, heartbeat=heartbeat_s, connect_timeout=CONNECT_TIMEOUT_S, ssl=_verified(node),
                transport_options=self._transport_options() if self._is_amqp else {},
            )
            # Not connect(): kombu would wait two seconds and try again, whatever our own backoff is.
            try:
                connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
            except CONNECTION_ERRORS:
                if node is last:
                    raise
            else:
                return connection
        raise AssertionError("unreachable")

    def _read_ahead(self) -> None:
        """py-amqp asks the socket for each frame's head, content and last byte by themselves."""
        transport, stream = self._transport, self._transport.sock
        if self._is_tls():
            stream = TlsStream(stream)
            transport._write = self._in_turn(stream.sendall)
        transport.read_frame = frames.FrameReader(
            stream.recv, bytes(transport._read_buffer), frame_max=self._raw.frame_max).read

    def _in_turn(self, send: Callable[[bytes], None]) -> Callable[[bytes], None]:
        def sent(data: bytes) -> None:
            with self._writing:
                send(data)

        return sent

    def _transport_options(self) -> dict[str, Any]:
        return {"on_blocked": self._on_blocked, "on_unblocked": self._on_unblocked}

    def _is_tls(self) -> bool:
        return self._is_amqp and urlsplit(self.url).scheme == "amqps"

    def _on_blocked(self, reason: str) -> None:
        self.blocked = True
        log.warning("bus.connection.blocked")

    def _on_unblocked(self) -> None:
        self.blocked = False
        log.info("bus.connection.unblocked")

    def _beat(self, interval_s: float) -> None:
        while not self._ended.wait(interval_s) and not self.closed:
            try:
                self._connection.heartbeat_check()
            except Exception:
                # the reader is waiting on this socket: closing it is how it learns
                self.abort()
                return

    def publish(
        self, body: bytes, *, exchange: str, routing_key: str, content_type: str, mandatory: bool = False,
        persistent: bool = False, headers: Mapping[str, Any] | None = None, user: str | None = None,
        **properties: Any,
    ) -> int:
        """Send one message and return its sequence number on this connection (the broker's confirm names it).

        user: stated as `user_id`, which the broker refuses when it is not the user that is logged in.
        """
        message = Publication(
            body, exchange, routing_key, content_type, mandatory=mandatory, persistent=persistent, headers=headers,
            properties={**properties, "user_id": user} if user is not None else properties)
        return self.publish_all([message])

    def publish_all(self, messages: Sequence[Publication]) -> int:
        """Send messages in one write; gives the sequence number of the last, the others have those before it."""
        with self._writing:
            self._published += len(messages)
            sequence = self._published
            if self._is_amqp and all(message.is_plain for message in messages):
                frames = [message.frames(self._channel_id, self._raw.frame_max) for message in messages]
                self._write(frames[0] if len(frames) == 1 else b"".join(frames))
            else:
                for message in messages:
                    self._publish_by_library(message)
        return sequence

    def _publish_by_library(self, message: Publication) -> None:
        prepared = self.channel.prepare_message(
            message.body, content_type=message.content_type, content_encoding="utf-8",
            headers=dict(message.headers or {}), properties=message.all_properties)
        where = (message.exchange, message.routing_key)
        if self._is_amqp:
            # Not channel.basic_publish: it first drains incoming frames, and another thread is reading.
            self.channel.send_method(spec.Basic.Publish, "Bssbb", (0, *where, message.mandatory, False), prepared)
        else:
            self.channel.basic_publish(prepared, *where, mandatory=message.mandatory)

    def _write(self, frames: bytes) -> None:
        if self._gathered is not None:
            self._gathered.append(frames)
            return
        self._transport.write(frames)
        self._raw.bytes_sent += 1  # by which the heartbeat knows that the connection was used

    @contextmanager
    def one_write(self) -> Iterator[None]:
        """Send what is published and acknowledged inside in one write at the end. Never wait inside."""
        with self._writing:
            gathered: list[bytes] = []
            self._gathered = gathered
            try:
                yield
            finally:
                self._gathered = None
            if gathered:
                self._write(b"".join(gathered))

    def consume(
        self, queue: str, callback: Callable[[Any], None], *, tag: str, no_ack: bool = False, nowait: bool = False,
    ) -> None:
        """nowait: for whoever is not the reader, to whom the broker's answer would come."""
        with self._writing if nowait else nullcontext():
            self.channel.basic_consume(queue, no_ack=no_ack, callback=callback, consumer_tag=tag, nowait=nowait)

    def get(self, queue: str) -> Any:
        """One message of a queue, to be acknowledged, or None; called by the reading thread alone."""
        with self._writing:
            return self.channel.basic_get(queue)

    def cancel(self, tag: str) -> None:
        """Ask for no more messages. Those on their way still come; `is_cancelled` tells when no more can."""
        with self._writing:
            if self._is_amqp:
                self.channel.send_method(spec.Basic.Cancel, "sb", (tag, False))
            else:
                self.channel.basic_cancel(tag)

    def is_cancelled(self, tag: str) -> bool:
        return self.closed or not self._is_amqp or tag not in self.channel.callbacks

    def ack(self, delivery_tag: Any) -> None:
        with self._writing:
            if self._is_amqp:
                self._write(frames.ack(self._channel_id, delivery_tag))
            else:
                self.channel.basic_ack(delivery_tag)

    def reject(self, delivery_tag: Any, *, requeue: bool) -> None:
        with self._writing:
            self.channel.basic_reject(delivery_tag, requeue=requeue)

    def confirm(self, on_confirm: Callable[[int, bool, bool], None]) -> None:
        """Have the broker confirm every publish: on_confirm(sequence, multiple, accepted)."""
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(lambda tag, multiple: on_confirm(tag, multiple, True))
        self.channel.events["basic_nack"].add(lambda tag, multiple: on_confirm(tag, multiple, False))

    def on_return(self, callback: Callable[[Any, str, str, Any], None]) -> None:
        """callback(exception, exchange, routing_key, message) for mandatory messages that no queue takes."""
        self.channel.events["basic_return"].add(callback)

    def drain(self) -> None:
        """Read and dispatch at least one frame; called by the reading thread alone."""
        if not self._is_amqp:
            with suppress(socket.timeout):
                self._connection.drain_events(timeout=INPROC_TICK_S)
        else:
            # No timeout: it would be the socket's, and cut short a writer's message.
            # What kombu and py-amqp do too, after they have set the socket's timeout to what it is.
            while not self._raw.on_inbound_frame(self._transport.read_frame()):
                pass

    def abort(self) -> None:
        """Cut the connection at once; the reader gets an error, and disposes of it."""
        self.closed = True
        with suppress(Exception):
            if self._is_amqp:
                # Shut down, not closed: a reader that waits in eventlet's hub never hears of a closed descriptor.
                self._transport.sock.shutdown(socket.SHUT_RDWR)
            else:
                self._connection.release()

    def close(self) -> None:
        """Take leave of the broker: what was published before is flushed."""
        if self.closed:
            return
        self.closed = True
        with suppress(Exception):
            if self._is_amqp:
                # Connection.Close without waiting for its reply: another thread is reading.
                self._raw.send_method(spec.Connection.Close, "BsBB", (200, "bye", 0, 0))
            else:
                self.channel.close()
        self.abort()

    def dispose(self) -> None:
        """Free the socket and all that the connection holds, once nobody reads from it."""
        self.closed = True
        self._ended.set()
        self._free_socket()
        if self._is_amqp:
            _forget(self.channel, self._raw, self._transport, self._connection)

    def _free_socket(self) -> None:
        with suppress(Exception):
            if self._is_tls():
                # py-amqp would first take leave of TLS, and leave the socket open when that has been shut down.
                self._transport.sock.close()
            if self._is_amqp:
                self._transport.close()
            else:
                self._connection.release()


def _forget(*parts: Any) -> None:
    """Break the cycles between py-amqp's objects.

    They hold a buffer of frame_max bytes (128 KiB), and the collector, which sees a few objects in it, rarely runs: a
    service that reconnected 2,820 times kept 431 MiB. A later use raises AttributeError, or a base class's
    NotImplementedError; both are CONNECTION_ERRORS.
    To be looked at again with each release after amqp 5.4.
    """
    for part in parts:
        for slot in ("connection", "_callbacks", "_pending"):
            with suppress(AttributeError):
                delattr(part, slot)
        vars(part).clear()


def _verified(url: str) -> dict[str, Any] | None:
    """Return TLS options for amqps: the certificate must name the URL's host, which py-amqp alone does not check."""
    parts = urlsplit(url)
    if parts.scheme != "amqps":
        return None
    import ssl

    return {"server_hostname": parts.hostname or "", "cert_reqs": ssl.CERT_REQUIRED}


def backoff_s(attempt: int, *, longest_s: float = 2.0) -> float:
    """Return the seconds before attempt n (0, 1, …): 0.1, 0.2, 0.4, …, ±20 % so that processes do not retry together.

    longest_s: what is added at most to the time that a broker is away; a try costs it next to nothing.
    """
    import random

    return min(0.1 * 2.0 ** min(attempt, 16), longest_s) * random.uniform(0.8, 1.2)
