"""`inproc://`: a kombu transport for one process, without a broker.

Importing this module registers it. A URL is `inproc://[user@][name][/virtual-host]`; each (name, virtual host) is a
separate broker in memory. Channels have py-amqp's methods and exceptions, and behave as RabbitMQ's channels do: direct,
topic and fanout exchanges, mandatory returns, publisher confirms, prefetch per consumer, fair round robin, single
active consumers, redelivery after a channel or connection ends, message and queue TTL, dead letters with `x-death`,
length limits, exclusive and auto-delete queues, direct reply-to, and a `user_id` that must be the connection's user.

It uses only primitives of `threading`: it works with threads and, when eventlet patched the process first, with
greenlets. One virtual host must not serve patched greenlets and native threads together.

Refused with 540 NOT_IMPLEMENTED: headers and alternate exchanges, a length limit in bytes, overflow behaviours other
than `drop-head` and `reject-publish`, one prefetch count for a whole channel. Accepted without effect: `x-queue-type`
(no delivery limit), `x-expires`, priorities. Absent: persistence, exchange-to-exchange bindings, transactions,
permissions, alarms, flow control.
"""
from __future__ import annotations

from kombu.transport import TRANSPORT_ALIASES

from shared_components.inproc.virtual_host import disconnect, reset

SCHEME = "inproc"

TRANSPORT_ALIASES[SCHEME] = "shared_components.inproc.transport:Transport"

__all__ = ["SCHEME", "disconnect", "reset"]
