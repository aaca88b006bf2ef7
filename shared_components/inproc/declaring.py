"""The methods of a channel that declare, bind, purge and delete exchanges and queues."""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from amqp.protocol import queue_declare_ok_t

from shared_components.inproc import errors
from shared_components.inproc.open_channel import OpenChannel
from shared_components.inproc.queues import Queue
from shared_components.inproc.virtual_host import REPLY_TO


class DeclaringMethods(OpenChannel):
    """Topology, with py-amqp's method names."""

    def exchange_declare(
        self, exchange: str, type: str, passive: bool = False, durable: bool = False, auto_delete: bool = True,
        nowait: bool = False, arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            topology = self._host.topology
            if passive:
                topology.exchange(exchange)
            else:
                topology.declare_exchange(
                    exchange, type, durable=durable, auto_delete=auto_delete, arguments=arguments or {})  # fmt: skip

    def exchange_delete(self, exchange: str, if_unused: bool = False, nowait: bool = False) -> None:
        with self.asking():
            self._host.topology.remove_exchange(exchange, if_unused=if_unused)

    def queue_declare(
        self, queue: str = "", passive: bool = False, durable: bool = False, exclusive: bool = False,
        auto_delete: bool = True, nowait: bool = False, arguments: Mapping[str, Any] | None = None,
    ) -> queue_declare_ok_t | None:  # fmt: skip
        """Return name, ready messages and consumers. Raises NotFound if passive and the queue does not exist."""
        with self.asking():
            self._host.expire()
            if passive and queue.startswith(REPLY_TO):
                answer = self._reply_queue(queue)
            else:
                declared = self._existing(queue) if passive else self._declared(
                    queue, durable=durable, exclusive=exclusive, auto_delete=auto_delete, arguments=arguments or {})
                self._last_queue = declared.name
                answer = queue_declare_ok_t(declared.name, len(declared.ready), len(declared.consumers))
        return None if nowait else answer

    def _declared(
        self, name: str, *, durable: bool, exclusive: bool, auto_delete: bool, arguments: Mapping[str, Any]
    ) -> Queue:
        topology = self._host.topology
        if name.startswith("amq.") and name not in topology.queues:
            raise errors.access_refused(f"queue name '{name}' contains reserved prefix 'amq.*'")
        return topology.declare_queue(Queue(
            name or f"amq.gen-{secrets.token_urlsafe(16)}", durable=durable, auto_delete=auto_delete,
            owner=self.connection if exclusive else None, arguments=arguments,
        ))  # fmt: skip

    def _reply_queue(self, name: str) -> queue_declare_ok_t:
        if name == REPLY_TO or name in self._host.replies:
            return queue_declare_ok_t(name, 0, 1)
        raise errors.not_found("queue", name, self._host.name)

    def queue_bind(
        self, queue: str, exchange: str = "", routing_key: str = "", nowait: bool = False,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            self._host.topology.bind(self._existing(queue).name, exchange, routing_key, arguments or {})

    def queue_unbind(
        self, queue: str, exchange: str, routing_key: str = "", nowait: bool = False,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            self._host.topology.unbind(queue or self._last_queue, exchange, routing_key, arguments or {})

    def queue_delete(
        self, queue: str = "", if_unused: bool = False, if_empty: bool = False, nowait: bool = False
    ) -> int:
        """Delete a queue. Returns the number of its ready messages, 0 when there is no such queue."""
        with self.asking():
            name = queue or self._last_queue
            if name not in self._host.topology.queues:
                return 0
            existing = self._existing(name)
            if (if_unused and existing.consumers) or (if_empty and existing.ready):
                problem = "in use" if if_unused and existing.consumers else "not empty"
                raise errors.precondition_failed(
                    f"queue '{name}' in vhost '{self._host.name}' {problem}", (50, 40))  # fmt: skip
            return self._host.delete_queue(existing)

    def queue_purge(self, queue: str = "", nowait: bool = False) -> int:
        """Delete the ready messages, not the unacknowledged ones. Returns their number."""
        with self.asking():
            return self._existing(queue).clear()
