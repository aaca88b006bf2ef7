"""The definitions load into a real RabbitMQ, and its users may do what the contracts allow and no more."""
from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import amqp
import pytest
from kombu.connection import Connection
from zhongtai_client.event_queue import EventQueue, EventQueueRefused
from zhongtai_client.events import Event, SqliteInbox

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.deployment.definitions import (
    definitions,
    main,
    password_hash,
    read_contracts,
    with_passwords,
)
from shared_components.bus.deployment.rights import UNROUTED, VHOST
from shared_components.bus.errors import NoReply
from shared_components.bus.server.app_queues import FULL, UNAVAILABLE, AppQueues
from shared_components.devstack.rabbitmq import PrivateRabbitMQ

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "deploy" / "rabbitmq" / "definitions.json"


def contract(*, consumes: Sequence[str] = (), events: Sequence[str] = (), **callers: list[str]) -> dict[str, Any]:
    handlers = {
        f"on_{event.partition('.')[2].replace('-', '_')}": {"events": [event], "ordered": False} for event in consumes}
    return {"methods": {name: {"callers": allowed} for name, allowed in callers.items()}, "consumes": list(consumes),
            "events": {f"{event}.v1": {} for event in events}, "handlers": handlers}


SMALL = {
    "payment": contract(
        create_order=["app", "gateway", "matter"], trial_balance=["operator"], put_webhook=["app"],
        events=["order-paid", "order-created"]),
    "matter": contract(start_case=["app", "gateway"], consumes=["payment.order-paid"]),
}
Connect = Callable[[str], Connection]


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateRabbitMQ]:
    with PrivateRabbitMQ() as server:
        yield server


@pytest.fixture(scope="module")
def urls(broker: PrivateRabbitMQ) -> dict[str, str]:
    """The small definitions, loaded; user → URL."""
    content = definitions(SMALL)
    passwords = {user["name"]: secrets.token_hex(16) for user in content["users"]}
    broker.import_definitions(with_passwords(content, passwords))
    return {user: broker.url_for(user, password, VHOST) for user, password in passwords.items()}


@pytest.fixture
def open_channel(urls: dict[str, str]) -> Iterator[Callable[[str], Any]]:
    connections: list[Connection] = []

    def open_for(user: str) -> Any:
        connections.append(Connection(urls[user]))
        return connections[-1].channel()

    yield open_for
    for connection in connections:
        connection.close()


def refused() -> Any:
    return pytest.raises(amqp.exceptions.AccessRefused)


def publish(channel: Any, key: str, exchange: str = names.RPC_EXCHANGE, **properties: Any) -> None:
    """Publish and wait: a refusal closes the channel, which the next answer from the broker shows."""
    channel.basic_publish(amqp.Message("{}", **properties), exchange=exchange, routing_key=key)
    channel.basic_qos(0, 1, False)


def declare_all(url: str, service: str, subscriptions: list[topology.Subscription]) -> None:
    connection = BrokerConnection(url)
    try:
        topology.declare_rpc(connection.channel, service)
        topology.declare_dead_letters(connection.channel, service)
        topology.declare_event_source(connection.channel, service)
        topology.declare_subscriptions(connection.channel, subscriptions, [1, 5])
    finally:
        connection.close()


def test_the_committed_file_is_what_the_contracts_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--services", str(ROOT / "services"), "--check", str(COMMITTED)]) == 0, capsys.readouterr().err


def test_the_committed_file_loads_and_nobody_can_log_in_without_a_password(broker: PrivateRabbitMQ) -> None:
    broker.import_definitions(COMMITTED)
    listed = broker.ctl("list_permissions", "-p", VHOST)
    for service in read_contracts(ROOT / "services"):
        assert f"\n{service}\t" in listed
    with pytest.raises(amqp.exceptions.AccessRefused):
        Connection(broker.url_for("app-demo", "guess", VHOST)).connect()


def test_a_service_can_declare_all_that_it_needs(urls: dict[str, str]) -> None:
    declare_all(urls["payment"], "payment", [])
    declare_all(urls["matter"], "matter", [topology.Subscription("matter", "on_paid", "payment", ("order-paid",))])


# The name of a reply queue, as nameko and our clients make them: any UUID.
REPLY_QUEUE = "8162764f-3ad8-47df-8de7-4542b8d1232e"


@pytest.mark.parametrize(("user", "key"), [
    ("app-demo", "payment.create_order"), ("app-demo", "payment.calls"), ("app-demo", "matter.start_case"),
    ("app-nameko", "payment.create_order"), ("matter", "payment.create_order"), ("gateway", "matter.start_case"),
    ("operator", "payment.trial_balance"), ("payment", REPLY_QUEUE),
])  # fmt: skip
def test_a_user_may_call_what_the_contract_allows(open_channel: Callable[[str], Any], user: str, key: str) -> None:
    publish(open_channel(user), key)


@pytest.mark.parametrize(("user", "key"), [
    ("app-demo", "payment.trial_balance"), ("app-nameko", "payment.trial_balance"), ("payment", "matter.start_case"),
    ("payment", "matter.calls"), ("operator", "payment.create_order"), ("operator", "matter.calls"),
    ("app-demo", REPLY_QUEUE), ("matter", "payment.create_orders"), ("matter", "xpayment.create_order"),
])  # fmt: skip
def test_a_user_may_call_nothing_else(open_channel: Callable[[str], Any], user: str, key: str) -> None:
    with refused():
        publish(open_channel(user), key)


@pytest.mark.parametrize("user", ["app-demo", "app-nameko", "gateway", "operator", "matter"])
def test_nobody_listens_to_the_calls_of_others(open_channel: Callable[[str], Any], user: str) -> None:
    with refused():
        open_channel(user).basic_consume("rpc-payment")


@pytest.mark.parametrize("user", ["app-demo", "app-nameko", "matter"])
@pytest.mark.parametrize("key", ["#", "payment.*"])
def test_nobody_binds_the_calls_of_others(open_channel: Callable[[str], Any], user: str, key: str) -> None:
    queue = {"matter": "rpc-matter", "app-nameko": f"rpc.reply-standalone_rpc_proxy-{REPLY_QUEUE}"}.get(user, "mine")
    with refused():
        channel = open_channel(user)
        channel.queue_declare(queue, durable=user == "matter", auto_delete=False)
        channel.queue_bind(queue, names.RPC_EXCHANGE, key)


@pytest.mark.parametrize("key", ["payment", "#", "*"])
@pytest.mark.parametrize("bind", ["queue_bind", "exchange_bind"])
def test_no_service_hears_the_dead_letters_of_another(
    urls: dict[str, str], open_channel: Callable[[str], Any], bind: str, key: str,
) -> None:  # fmt: skip
    """They hold what the other was sent, names and identity numbers among it."""
    declare_all(urls["matter"], "matter", [])
    own = {"queue_bind": ["rpc-matter", "dead.matter"], "exchange_bind": ["matter.events", names.RPC_EXCHANGE]}
    for mine in own[bind]:
        with refused():
            getattr(open_channel("matter"), bind)(mine, names.DEAD_EXCHANGE, key)


def test_a_service_lays_down_its_own_dead_letters_and_no_other_s(
    urls: dict[str, str], open_channel: Callable[[str], Any], broker: PrivateRabbitMQ,
) -> None:  # fmt: skip
    for service in ("matter", "payment"):
        declare_all(urls[service], service, [])
    publish(open_channel("matter"), "matter", names.DEAD_EXCHANGE, message_id="own")
    with refused():
        publish(open_channel("matter"), "payment", names.DEAD_EXCHANGE)
    letters = iter(lambda: open_channel("operator").basic_get("dead.matter", no_ack=True), None)
    assert [letter.properties["message_id"] for letter in letters] == ["own"]


@pytest.mark.parametrize("user", ["app-demo", "app-nameko", "gateway"])
def test_a_caller_forges_neither_replies_nor_events(open_channel: Callable[[str], Any], user: str) -> None:
    for exchange, key in (("", "rpc-payment"), ("payment.events", "order-paid"), (names.DEAD_EXCHANGE, "payment")):
        with refused():
            publish(open_channel(user), key, exchange)


def test_a_service_publishes_its_own_events_and_no_other_s(open_channel: Callable[[str], Any]) -> None:
    publish(open_channel("payment"), "order-paid", "payment.events")
    with refused():
        publish(open_channel("matter"), "order-paid", "payment.events")


def test_nobody_speaks_in_another_user_s_name(open_channel: Callable[[str], Any]) -> None:
    publish(open_channel("app-demo"), "payment.create_order", user_id="app-demo")
    with pytest.raises(amqp.exceptions.PreconditionFailed):
        publish(open_channel("app-demo"), "payment.create_order", user_id="operator")


def test_our_client_s_calls_reach_the_queue_under_an_app_s_user(urls: dict[str, str], broker: PrivateRabbitMQ) -> None:
    declare_all(urls["payment"], "payment", [])
    with BusClient(urls["app-demo"]) as client, pytest.raises(NoReply):
        client.payment.create_order(timeout_s=0.5)


def test_an_event_that_nobody_is_bound_to_is_kept(open_channel: Callable[[str], Any], broker: PrivateRabbitMQ) -> None:
    publish(open_channel("payment"), "never-heard-of", "payment.events")
    channel = open_channel("operator")
    # Quorum queues take a moment to show a message.
    messages = iter(lambda: channel.basic_get(UNROUTED, no_ack=True), None)
    assert any(message.delivery_info["routing_key"] == "never-heard-of" for message in messages)


def test_an_event_that_no_contract_wants_is_let_go_at_once(open_channel: Callable[[str], Any]) -> None:
    """Kept, it would cost the broker a write to disk each, and hide those that something is missing for."""
    payment = open_channel("payment")
    payment.confirm_select()
    for key in ("order-created", "order-paid", "typed-wrongly"):
        payment.basic_publish_confirm(amqp.Message("{}"), exchange="payment.events", routing_key=key)
    channel = open_channel("operator")
    messages = iter(lambda: channel.basic_get(UNROUTED, no_ack=True), None)
    assert [message.delivery_info["routing_key"] for message in messages] == ["typed-wrongly"]
    heard = open_channel("matter").basic_get("events.matter.on_order_paid", no_ack=True)
    assert heard.delivery_info["routing_key"] == "order-paid"


def event(event_id: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event as they are sent to apps."""
    headers = {"X-Zhongtai-Event-Id": event_id, "X-Zhongtai-Event": "order-paid", "X-Zhongtai-Delivery": "whd_1"}
    return headers, json.dumps({
        "id": event_id, "type": "order-paid", "version": 1, "occurred_at": "2026-01-01T00:00:00+00:00", "sequence": 1,
        "data": {}}).encode()


@pytest.fixture
def told(urls: dict[str, str]) -> Iterator[AppQueues]:
    """Queues of apps, filled as the service that keeps webhooks does it."""
    queues = AppQueues(urls["payment"])
    yield queues
    queues.close()


def test_an_app_reads_its_own_queue_through_its_own_user(
    urls: dict[str, str], told: AppQueues, tmp_path: Path,
) -> None:
    handled: list[str] = []
    assert [told.send("app-demo", *event(event_id)).failure for event_id in ("evt_1", "evt_2", "evt_1")] == [None] * 3
    queue = EventQueue(urls["app-demo"], SqliteInbox(tmp_path / "inbox"))

    def handle(one: Event) -> None:
        handled.append(one.id)
        if len(handled) == 2:
            queue.stop()

    queue.run(handle)
    assert handled == ["evt_1", "evt_2"]


@pytest.mark.parametrize("user", ["app-nameko", "gateway", "matter", "payment", "operator"])
def test_nobody_else_reads_an_app_s_queue(
    open_channel: Callable[[str], Any], told: AppQueues, user: str,
) -> None:
    assert told.send("app-demo", *event("evt_1")).failure is None
    for reads in ("basic_consume", "basic_get", "queue_purge"):
        with refused():
            getattr(open_channel(user), reads)(names.app_queue("app-demo"))


@pytest.mark.parametrize("user", ["app-demo", "app-nameko", "gateway", "matter"])
def test_only_the_service_that_keeps_webhooks_fills_an_app_s_queue(
    urls: dict[str, str], open_channel: Callable[[str], Any], user: str,
) -> None:
    with refused():
        open_channel(user).queue_declare("app-events.app-new", durable=True, auto_delete=False)
    queues = AppQueues(urls[user])
    assert queues.send("app-demo", *event("evt_forged")).failure == UNAVAILABLE
    queues.close()


def test_an_app_whose_key_is_not_known_hears_that_it_may_not_read(broker: PrivateRabbitMQ, tmp_path: Path) -> None:
    queue = EventQueue(broker.url_for("app-demo", "guess", VHOST), SqliteInbox(tmp_path / "inbox"))
    with pytest.raises(EventQueueRefused, match=r"queue 'app-events\.app-demo'"):
        queue.run(print)


def test_a_full_queue_is_a_failed_attempt_of_that_app_alone(broker: PrivateRabbitMQ, told: AppQueues) -> None:
    broker.ctl("set_policy", "-p", VHOST, "--priority", "9", "--apply-to", "queues", "small", r"^app-events\.app-slow$",
               '{"max-length": 1, "overflow": "reject-publish"}')  # fmt: skip
    failures = [told.send("app-slow", *event(f"evt_{number}")).failure for number in range(9)]
    assert failures[0] is None and FULL in failures
    assert told.send("app-quick", *event("evt_1")).failure is None


def test_an_app_s_queue_outlives_the_broker_s_connection(told: AppQueues, broker: PrivateRabbitMQ) -> None:
    assert told.send("app-again", *event("evt_1")).failure is None
    broker.ctl("close_all_connections", "-p", VHOST, "test")
    attempts = [told.send("app-again", *event("evt_2")).failure for _ in range(2)]
    assert attempts[-1] is None


def test_the_queues_are_bounded_by_policy(urls: dict[str, str], broker: PrivateRabbitMQ) -> None:
    declare_all(urls["matter"], "matter", [topology.Subscription("matter", "on_paid", "payment", ("order-paid",))])
    rows = json.loads(broker.ctl("list_queues", "-p", VHOST, "name", "policy", "--formatter", "json"))
    policies = {row["name"]: row["policy"] for row in rows}
    assert policies["rpc-matter"] == "rpc"
    assert policies["events.matter.on_paid"] == "events-matter"
    assert policies["retry.matter.on_paid.1000ms"] == "retry"
    assert policies["dead.matter"] == "dead"
    assert policies[UNROUTED] == "unrouted"


def test_a_password_for_an_unknown_user_is_refused() -> None:
    with pytest.raises(ValueError, match=r"users \['nobody'\]; the definitions have \['app-demo'"):
        with_passwords(definitions(SMALL), {"nobody": "x"})


def test_the_password_hash_is_rabbitmq_s() -> None:
    # The worked example of RabbitMQ's documentation: password test12, salt 908D C60A.
    assert password_hash("test12", bytes.fromhex("908DC60A")) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
