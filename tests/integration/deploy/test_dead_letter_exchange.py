"""The exchange of dead letters, of type direct before, is replaced as the operations guide tells."""
from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import amqp
import pytest

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.deployment.definitions import definitions, with_passwords
from shared_components.bus.deployment.rights import VHOST
from shared_components.devstack.processes import ServerUnavailable
from shared_components.devstack.rabbitmq import PrivateRabbitMQ

pytestmark = pytest.mark.integration
CONTRACTS: dict[str, Any] = {
    name: {"methods": {}, "consumes": [], "events": {}, "handlers": {}} for name in ("payment", "matter")}
DELETE = (f'rabbit_exchange:delete(rabbit_misc:r(<<"{VHOST}">>, exchange, <<"{names.DEAD_EXCHANGE}">>), '
          'false, <<"operator">>).')  # fmt: skip
SPY = "rpc-matter"


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateRabbitMQ]:
    with PrivateRabbitMQ() as server:
        yield server


class Deployed:
    """A broker of the version before, with a dead letter of payment. urls: user → URL."""

    def __init__(self, broker: PrivateRabbitMQ) -> None:
        self.broker, content = broker, definitions(CONTRACTS)
        with suppress(ServerUnavailable):
            broker.ctl("delete_vhost", VHOST)
        self.passwords = {user["name"]: secrets.token_hex(16) for user in content["users"]}
        self.urls = {user: broker.url_for(user, password, VHOST) for user, password in self.passwords.items()}
        self.load({**content, "exchanges": [_before(one) for one in content["exchanges"]]})
        with self.channel("payment") as channel:
            topology.declare_dead_letters(channel, "payment")
            bury(channel, "payment")

    def load(self, content: Mapping[str, Any] | None = None) -> None:
        self.broker.import_definitions(with_passwords(content or definitions(CONTRACTS), self.passwords))

    def kind(self) -> str:
        listed = self.broker.ctl("list_exchanges", "-p", VHOST, "name", "type").splitlines()
        return next((line.split("\t")[1] for line in listed if line.startswith(f"{names.DEAD_EXCHANGE}\t")), "none")

    @contextmanager
    def channel(self, user: str) -> Iterator[Any]:
        connection = BrokerConnection(self.urls[user])
        try:
            yield connection.channel
        finally:
            connection.close()

    def letters(self) -> int:
        with self.channel("payment") as channel:
            return int(channel.queue_declare(names.dead_queue("payment"), passive=True).message_count)

    def spy(self) -> None:
        """Matter binds a queue of its own to payment's dead letters."""
        with self.channel("matter") as channel:
            channel.queue_declare(SPY, durable=True, auto_delete=False)
            channel.queue_bind(SPY, names.DEAD_EXCHANGE, "payment")


def _before(exchange: Mapping[str, Any]) -> dict[str, Any]:
    return {**exchange, "type": "direct"} if exchange["name"] == names.DEAD_EXCHANGE else dict(exchange)


def bury(channel: Any, service: str) -> None:
    """A service publishes a dead letter; the answer to the next method says that it was taken."""
    channel.basic_publish(amqp.Message("{}"), names.DEAD_EXCHANGE, service)
    channel.basic_qos(0, 1, False)


def test_definitions_alone_leave_the_type_and_services_of_both_versions_keep_their_letters(
    broker: PrivateRabbitMQ,
) -> None:
    before = Deployed(broker)
    before.load()
    assert before.kind() == "direct"
    with before.channel("payment") as channel:
        topology.declare_dead_letters(channel, "payment")  # as this version does at its start
        bury(channel, "payment")
    assert before.letters() == 2
    before.spy()  # the reason for the replacement


def test_the_exchange_is_replaced_while_services_are_stopped(broker: PrivateRabbitMQ) -> None:
    before = Deployed(broker)
    broker.ctl("eval", DELETE)
    before.load()
    assert (before.kind(), before.letters()) == ("topic", 1)
    with before.channel("payment") as channel:
        topology.declare_dead_letters(channel, "payment")
        bury(channel, "payment")
    assert before.letters() == 2
    with pytest.raises(amqp.exceptions.AccessRefused):
        before.spy()


def test_a_service_that_runs_meanwhile_would_lose_letters_until_it_starts_again(broker: PrivateRabbitMQ) -> None:
    before = Deployed(broker)
    with before.channel("payment") as running:
        broker.ctl("eval", DELETE)
        before.load()
        bury(running, "payment")
    assert before.letters() == 1
