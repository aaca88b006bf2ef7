"""Where messages go that nobody can serve: a durable queue a service, with the reason, for people to look at."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from shared_components.bus import names, topology
from shared_components.bus.link import LINK_ERRORS, Link
from shared_components.bus.publisher import Outgoing, Publisher
from shared_components.bus.quarantine_messages import raw_body
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

MAX_DEAD_BODY_BYTES = 1024 * 1024


class DeadLetters:
    """Moves messages to the dead-letter queue: confirmed first, acknowledged after."""

    def __init__(self, configuration: Mapping[str, Any], service: str) -> None:
        self.service = service
        self.publisher = Publisher(
            configuration["broker"]["url"], name=f"dead-{service}",
            heartbeat_s=configuration["broker"]["heartbeat_s"],
            confirm_timeout_s=configuration["bus"]["confirm_timeout_s"],
            declare=partial(topology.declare_dead_letters, service=service),
        )

    def take(
        self, link: Link, message: Any, error: Exception, *, queue: str = "", done: Callable[[], None] = lambda: None,
    ) -> None:
        """Bury a message of `link`. Runs beside the reader, which must go on reading.

        queue: a handler's, to which the message may be sent again. done: called once it is buried.
        """
        threading.Thread(target=self._bury, args=(link, message, error, queue, done), daemon=True).start()

    def _bury(self, link: Link, message: Any, error: Exception, queue: str, done: Callable[[], None]) -> None:
        reason = error.code if isinstance(error, AppError) else "internal"
        # The code and our own text only: an unexpected error's text may quote the message.
        text = error.message if isinstance(error, AppError) else type(error).__name__
        if not isinstance(error, AppError):
            log.error("bus.message.unreadable", extra={"service": self.service, "error": type(error).__name__})
        try:
            self.publisher.publish([Outgoing(
                body=raw_body(message)[:MAX_DEAD_BODY_BYTES], exchange=names.DEAD_EXCHANGE, routing_key=self.service,
                content_type=str(message.properties.get("content_type") or "application/octet-stream")[:120],
                message_id=str(message.properties.get("message_id") or new_id("msg"))[:120],
                headers={
                    "x-reason": reason, "x-text": text[:500],
                    names.QUEUE_HEADER: queue, "x-exchange": str(message.delivery_info.get("exchange", "")),
                    "x-routing-key": str(message.delivery_info.get("routing_key", ""))[:200],
                },
            )])
        except AppError:
            with suppress(*LINK_ERRORS):
                link.reject(message.delivery_info["delivery_tag"], requeue=True)
            return
        with suppress(*LINK_ERRORS):
            link.ack(message.delivery_info["delivery_tag"])
        done()
        METRICS.record_dead_letter(self.service, reason)
        log.warning("bus.message.dead_lettered", extra={"service": self.service, "cause": reason})

    def close(self) -> None:
        self.publisher.close()
