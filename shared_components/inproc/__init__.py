"""`inproc://`: a kombu transport for one process, without a broker.

Importing this module registers it. A URL is `inproc://[user@][name][/virtual-host]`; each (name, virtual host) is a
world of its own, in memory. Channels have py-amqp's methods and raise its exceptions, and behave as RabbitMQ's do:
direct, topic, fanout and headers exchanges, alternate exchanges, mandatory returns, publisher confirms, prefetch per
consumer or channel, fair round robin, single active consumers, redelivery after a channel or connection ends, message
and queue TTL, dead letters with `x-death`, length limits, exclusive and auto-delete queues, direct reply-to, and a
`user_id` that must be the connection's user.

It uses primitives of `threading` only, so it works with threads and, when eventlet has patched the process first, with
greenlets. One process must not mix patched greenlets and native threads on one world.

What it has not: persistence (everything ends with the process), delivery limits and other properties of quorum queues
(`x-queue-type` is accepted and means nothing), `x-expires`, priorities, exchange-to-exchange bindings, transactions,
permissions, memory or disk alarms, flow control.
"""
from __future__ import annotations

from kombu.transport import TRANSPORT_ALIASES

from shared_components.inproc.hosts import disconnect, reset

SCHEME = "inproc"

TRANSPORT_ALIASES[SCHEME] = "shared_components.inproc.transport:Transport"

__all__ = ["SCHEME", "disconnect", "reset"]
