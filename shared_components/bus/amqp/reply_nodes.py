"""Nodes that a direct reply-to token may name, learned on a connection that may be lost.

RabbitMQ 3.10.8 ends the connection that publishes to a token of a node that it does not know (541 INTERNAL_ERROR): one
that somebody has made up, or one that has left the cluster while its clients' calls waited. The source of 4.2 ignores
such a token: this module may go when 4.2 is the oldest broker that is supported.
"""
from __future__ import annotations

import base64
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.kernel.reply_addresses import KEY_BYTES, NAMEKO, node_of

log = logging.getLogger(__name__)

# Refusals that one sender may cost in this time, each a connection of the broker's.
FAILURES, FAILURES_WITHIN_S = 5, 60.0
REMEMBERED = 1024


class ReplyNodes:
    """Learns which nodes are the broker's, by writing to an address there on a connection that may be lost."""

    def __init__(self, url: str, *, open_connection: Callable[[str], BrokerConnection] | None = None) -> None:
        self._url = url
        self._open_connection = open_connection or (lambda url: BrokerConnection(url, heartbeat_s=0))
        # inproc:// has no nodes, and no connection of its is ended for an address.
        self._is_inproc = urlsplit(url).scheme == "inproc"
        self._proven: set[str] = {NAMEKO}
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._trying: dict[str, threading.Event] = {}

    def knows(self, node: str) -> bool:
        return node in self._proven or self._is_inproc

    def forget(self) -> None:
        """Forget the nodes after a lost connection: a node may have left."""
        self._proven = {NAMEKO}

    def prove(self, address: str, sender: str) -> bool | None:
        """Tell whether the reply address is valid; None when the broker is unreachable. Waits for the broker.

        sender: the broker's user; one that has cost too many connections is refused without another.
        """
        node = node_of(address)
        if node is None or self.knows(node):
            return node is not None
        while (other := self._trying.get(node)) is not None:
            other.wait()
        if self.knows(node) or self._is_refused(node, sender):
            return self.knows(node)
        self._trying[node] = threading.Event()
        try:
            outcome = self._try(address)
        finally:
            self._trying.pop(node).set()
        if outcome:
            self._proven.add(node)
        elif outcome is False:
            self._note_failure(node, sender)
        return outcome

    def _is_refused(self, node: str, sender: str) -> bool:
        since = monotonic() - FAILURES_WITHIN_S
        recent = [at for at in self._failures.get(sender, ()) if at > since]
        return self._refused.get(node, since) > since or len(recent) >= FAILURES

    def _note_failure(self, node: str, sender: str) -> None:
        now = monotonic()
        self._refused[node] = now
        self._failures[sender] = [*self._failures.pop(sender, ())[-FAILURES:], now]
        for remembered in (self._refused, self._failures):
            while len(remembered) > REMEMBERED:
                remembered.popitem(last=False)
        log.warning("bus.reply_address.refused", extra={"sender": sender})

    def _try(self, address: str) -> bool | None:
        try:
            connection = self._open_connection(self._url)
        except CONNECTION_ERRORS:
            return None
        try:
            # Nobody has this key: where the node is known, the broker drops the message.
            nobody = address.rpartition(".")[0] + "." + base64.b64encode(bytes(KEY_BYTES)).decode()
            connection.publish(b"", exchange="", routing_key=nobody, content_type=names.REPLIES_CONTENT_TYPE)
            connection.channel.basic_qos(0, 1, False)
        except CONNECTION_ERRORS:
            return False
        else:
            return True
        finally:
            connection.close()
            connection.dispose()
