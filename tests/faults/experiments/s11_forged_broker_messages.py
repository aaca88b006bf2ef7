"""S11: users of the broker who try what is not theirs."""
from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from shared_components.bus.amqp import names
from shared_components.bus.deployment.rights import STOCK_APP, UNROUTED
from tests.faults.asking import REFUSALS, Ask, RawUser
from tests.faults.deployed import SERVICES, deploy_shipped, start_services
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World
from tests.integration.bus_harness import RawBroker

ID, TITLE = "S11", "bind #, forged replies and events, hostile reply_to"
TARGET = "each attempt refused by the broker, or buried by the service; nothing reaches what it was aimed at"
OPERATIONS, UNIT = 1, "rounds"
APPS = ("app-demo", STOCK_APP, "gateway", "operator")
HOSTILE_ADDRESSES = (
    "rpc-payment", "payment.create_order", "notification.send", "dead.payment", UNROUTED, "events.payment.make_refund",
    "amq.rabbitmq.reply-to", "#", "",
)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    user: str
    kind: str
    what: str
    do: Callable[[RawUser], object]


def run(lab: Lab, report: Report) -> None:
    report.faults = "attempts of each shipped user: apps, gateway, operator, services"
    with lab.world(report.id, *SERVICES) as world:
        urls = deploy_shipped(lab, world)
        start_services(world, urls)
        found: dict[str, dict[str, Any]] = {}
        for attempt in attempts(sorted(urls)):
            row = found.setdefault(attempt.kind, {"attempts": 0, "refused": 0, "wrong": []})
            row["attempts"] += 1
            if _refused(urls[attempt.user], attempt):
                row["refused"] += 1
            else:
                row["wrong"].append(f"{attempt.user}: {attempt.what} was possible")
        for kind, row in found.items():
            report.add(kind, {"attempts": row["attempts"], "refused": row["refused"]}, row["wrong"])
        _hostile_addresses(world, urls, report)


def attempts(users: list[str]) -> Iterator[Attempt]:
    for user in users:
        yield from _bindings(user)
        yield from _reading(user)
        yield from _forging(user)
        yield from _destroying(user)


def _bindings(user: str) -> Iterator[Attempt]:
    own = {STOCK_APP: f"rpc.reply-standalone_rpc_proxy-{uuid.uuid4()}"}.get(user, f"rpc-{user}")
    for key in ("#", "*.*", "payment.*", "identity.register_person"):
        if key != f"{user}.*" and not key.startswith(user):
            yield Attempt(user, "bind others' calls", f"{own} to {key}", lambda raw, key=key: _bind(
                raw, own, names.RPC_EXCHANGE, key))  # type: ignore[misc]
    if user not in ("matter", "payment"):
        yield Attempt(user, "bind others' events", f"{own} to payment.events", lambda raw: _bind(
            raw, own, "payment.events", "#"))


def _bind(raw: RawUser, queue: str, exchange: str, key: str) -> None:
    raw.channel.queue_declare(queue, durable=True, auto_delete=False)
    raw.channel.queue_bind(queue, exchange, key)


def _reading(user: str) -> Iterator[Attempt]:
    queues = ["rpc-payment", "rpc-identity", "events.payment.make_refund"]
    queues += [] if user == "operator" else ["dead.payment", UNROUTED]
    for queue in queues:
        if user not in queue.replace("-", ".").split("."):
            yield Attempt(user, "read others' queues", queue, lambda raw, queue=queue: raw.channel.basic_get(
                queue))  # type: ignore[misc]


def _forging(user: str) -> Iterator[Attempt]:
    def publish(raw: RawUser, exchange: str, key: str, **properties: Any) -> None:
        raw.publish(b"[]", key, exchange, content_type=names.REPLIES_CONTENT_TYPE, **properties)
        raw.settle()

    if user in APPS:
        if user != "operator":
            for key in ("amq.rabbitmq.reply-to.g1h2AA5yZXBseUAxMjM0NQ", "rpc-payment", "events.payment.make_refund"):
                yield Attempt(user, "forge replies", key, lambda raw, key=key: publish(raw, "", key))  # type: ignore[misc]
        yield Attempt(user, "forge replies", "a UUID", lambda raw: publish(raw, names.RPC_EXCHANGE, str(uuid.uuid4())))
    for source in ("payment", "identity"):
        if source != user:
            yield Attempt(user, "forge events", source, lambda raw, source=source: publish(
                raw, f"{source}.events", "order-paid"))  # type: ignore[misc]
    other = "payment" if user == "operator" else "operator"
    yield Attempt(user, "speak as another user", other, lambda raw: publish(
        raw, names.RPC_EXCHANGE, "payment.calls", user_id=other))


def _destroying(user: str) -> Iterator[Attempt]:
    for queue in ("rpc-elicence", "events.payment.make_refund"):
        if user in queue.replace("-", ".").split("."):
            continue
        yield Attempt(user, "purge and delete", f"purge {queue}", lambda raw, queue=queue: raw.channel.queue_purge(
            queue))  # type: ignore[misc]
        yield Attempt(user, "purge and delete", f"delete {queue}", lambda raw, queue=queue: raw.channel.queue_delete(
            queue))  # type: ignore[misc]
    if user in APPS:
        yield Attempt(user, "purge and delete", "delete payment.events", lambda raw: raw.channel.exchange_delete(
            "payment.events"))


def _refused(url: str, attempt: Attempt) -> bool:
    with RawUser(url) as raw:
        try:
            attempt.do(raw)
        except REFUSALS:
            return True
    return False


def _hostile_addresses(world: World, urls: dict[str, str], report: Report) -> None:
    """Calls that ask for their reply to be sent where it would be a call, an event or a nuisance."""
    wrong = []
    with RawBroker(world.broker_url) as admin:
        for address in HOSTILE_ADDRESSES:
            before = {queue: admin.depth(queue) for queue in ("dead.payment", UNROUTED)}
            with RawUser(urls["app-demo"]) as raw:
                call = Ask("1", "list_fee_items", {}).to_wire(2e9)
                try:
                    raw.publish(orjson.dumps([call]), "payment.calls", content_type=names.CALLS_CONTENT_TYPE,
                                user_id=raw.name, reply_to=address)  # fmt: skip
                    raw.settle()
                    if address == names.DIRECT_REPLY_TO:
                        raw.wait({"1"}, 5)
                except REFUSALS:
                    continue
            wanted = before["dead.payment"] + (address != names.DIRECT_REPLY_TO)
            if not wait_for(lambda wanted=wanted: admin.depth("dead.payment") == wanted, 5):  # type: ignore[misc]
                wrong.append(f"reply_to {address!r}: not buried")
            if admin.depth(UNROUTED) != before[UNROUTED]:
                wrong.append(f"reply_to {address!r}: something has arrived in {UNROUTED}")
    report.add("hostile reply_to", {"attempts": len(HOSTILE_ADDRESSES)}, wrong)
