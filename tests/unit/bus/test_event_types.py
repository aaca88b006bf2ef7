"""One handler of several event types: one queue, one binding a type, one line of the contract."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import shared_components.inproc as inproc
from shared_components.bus import on_event
from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.deployment.definitions import definitions
from shared_components.contracts.export import export_contract
from shared_components.contracts.registry import service_contract
from shared_components.kernel.calls import Event

WORLD = "event-types"


class Auditor:
    """Hears of payments and refunds."""

    name = "auditor"

    @on_event("payment", "order-paid", "order-refunded", ordered=True)
    def on_money(self, unit: Any, event: Event) -> None: ...


@pytest.fixture
def connection() -> Iterator[BrokerConnection]:
    connection = BrokerConnection(f"inproc://{WORLD}", heartbeat_s=0)
    yield connection
    connection.close()
    inproc.reset(WORLD)


def test_the_handlers_queue_gets_each_of_its_types_and_no_other(connection: BrokerConnection) -> None:
    (handler,) = service_contract(Auditor).handlers
    wanted = topology.Subscription("auditor", handler.name, handler.source, handler.event_types, handler.ordered)
    topology.declare_subscriptions(connection.channel, [wanted], [])
    for event_type in ("order-paid", "order-closed", "order-refunded"):
        connection.publish(event_type.encode(), exchange=names.event_exchange("payment"), routing_key=event_type,
                           content_type=names.EVENT_CONTENT_TYPE)
    got = [connection.get(wanted.queue), connection.get(wanted.queue)]
    assert [message.delivery_info["routing_key"] for message in got] == ["order-paid", "order-refunded"]
    assert connection.get(wanted.queue) is None


def test_the_contract_and_the_definitions_name_every_type() -> None:
    contract = export_contract(service_contract(Auditor))
    assert contract["consumes"] == ["payment.order-paid", "payment.order-refunded"]
    assert contract["handlers"] == {
        "on_money": {"events": ["payment.order-paid", "payment.order-refunded"], "ordered": True}}
    bindings = definitions({"auditor": contract})["bindings"]
    bound = [one["routing_key"] for one in bindings if one["destination"] == "events.auditor.on_money"]
    assert bound == ["order-paid", "order-refunded"]


@pytest.mark.parametrize("types", [(), ("order-paid", "order-paid")])
def test_a_handler_has_types_and_each_once(types: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one or more are allowed, each once"):
        on_event("payment", *types)
