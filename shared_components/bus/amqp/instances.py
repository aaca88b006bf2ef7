"""Running processes: each publishes a message every few seconds, which expires after ten.

The messages lie in one queue of the broker: no management plugin is asked, and no process needs a queue of its own.
A platform in one process has its list in memory.
"""
from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson
from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.kernel import strict_json
from shared_components.observability.load import Load, load_meter
from shared_components.observability.metrics import METRICS

KNOWN_FOR_MS = 10_000
# With copies: whoever scales must see the processes when a node of the broker has ended.
QUEUE = {"x-queue-type": "quorum"}
MOST_READ = 2_000
_LONGEST = 200


@dataclass(frozen=True)
class Instance:
    """since: when the process began to serve, in ISO 8601 and UTC. load: of the service in that process."""

    service: str
    host: str
    pid: int
    version: str
    since: str
    load: Load | None = None


IDENTITY = ("service", "host", "pid", "version", "since")
_OWN: dict[str, Instance] = {}


def announce(service: str) -> Instance:
    """This process serves a service from now on: in its metrics, and for who asks."""
    started = datetime.now(UTC)
    found = Instance(service, socket.gethostname(), os.getpid(), _version(), started.isoformat(timespec="seconds"))
    METRICS.record_instance(service, found.host, found.pid, found.version, started.timestamp())
    _OWN[service] = found
    return found


def own_instances() -> list[Instance]:
    """Describe the instances of this process."""
    return sorted((_loaded(one) for one in _OWN.values()), key=lambda one: one.service)


def declare(connection: BrokerConnection) -> bool:
    """Tell whether the exchange exists, and declare it if the user may. The shipped definitions contain it."""
    channel = connection.channel.connection.channel()
    try:
        topology.declare_exchange(channel, names.INSTANCES, "fanout")
        with suppress(AccessRefused):
            channel.queue_declare(names.INSTANCES, durable=True, auto_delete=False, arguments=QUEUE)
            channel.queue_bind(names.INSTANCES, names.INSTANCES)
    except PreconditionFailed:
        return True  # a queue of the earlier kind, which serves as well
    except (AccessRefused, NotFound):
        return False
    finally:
        # Also after a refusal: py-amqp opens a channel again that the broker has closed.
        channel.close()
    return True


def identity_of(instance: Instance) -> dict[str, Any]:
    """Describe the process without its load, for people."""
    return {name: getattr(instance, name) for name in IDENTITY}


def instance_of(told: dict[str, Any]) -> Instance:
    """Read what `asdict` made of an instance."""
    load = told.get("load")
    return Instance(**{**told, "load": None if load is None else Load(**load)})


def tell(connection: BrokerConnection, instance: Instance) -> None:
    connection.publish(
        orjson.dumps(asdict(_loaded(instance))), exchange=names.INSTANCES, routing_key=instance.service,
        content_type=names.JSON_CONTENT_TYPE, expiration=str(KNOWN_FOR_MS), user=connection.user)


def newest(messages: Iterable[Any]) -> list[Instance]:
    """Give the newest message of each process and service; malformed ones are left out."""
    found: dict[tuple[str, str, int], Instance] = {}
    for message in messages:
        instance = _read(message.body)
        if instance is not None:
            found[instance.service, instance.host, instance.pid] = instance
    return sorted(found.values(), key=lambda one: (one.service, one.since, one.host, one.pid))


def _read(body: bytes | str) -> Instance | None:
    try:
        told = strict_json.read(body)
        instance = Instance(**{name: told[name] for name in IDENTITY}, load=_load(told.get("load")))
    except (ValueError, TypeError, KeyError):
        return None
    texts = (instance.service, instance.host, instance.version, instance.since)
    good = all(isinstance(text, str) and len(text) <= _LONGEST for text in texts) and isinstance(instance.pid, int)
    return instance if good else None


def _loaded(instance: Instance) -> Instance:
    return replace(instance, load=load_meter(instance.service).read())


def _load(told: Any) -> Load | None:
    """Read a load; None of a process of before loads were told, or of anything malformed."""
    if not isinstance(told, dict):
        return None
    known = {one.name for one in fields(Load)}
    numbers: dict[str, Any] = {
        name: value for name, value in told.items()
        if name in known and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0}
    return Load(**numbers)


def _version() -> str:
    try:
        return version("zhongtai")
    except PackageNotFoundError:
        return "unknown"
