"""An address to answer to is of the broker's own making, or nothing is sent there."""
from __future__ import annotations

import base64
import struct
import time
import uuid
from typing import Any, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.reply_nodes import FAILURES, ReplyNodes
from shared_components.bus.server.inbound import Delivery, InboundCall
from shared_components.bus.server.replies import send_replies
from shared_components.bus.server.requests import Request
from shared_components.devstack.servers import RabbitMQ
from shared_components.kernel.calls import CallContext
from shared_components.kernel.reply_addresses import NAMEKO, PREFIX, node_of, token
from tests.cases.deployed import Deployed, deployed
from tests.faults.asking import RawUser
from tests.faults.lab import Lab

KEY = bytes(range(16))
# Of RabbitMQ 3.10.8.
REAL = "amq.rabbitmq.reply-to.g1h2AA9yZXBseUAxMzEwMDc4OTIAAAKuAAAAAGsMig4=.xlFj89v1FuUR2GWf58A89g=="
# Of the documentation of RabbitMQ 4.2's Python client: another length of the node's name.
OTHER_RELEASE = "amq.rabbitmq.reply-to.g1h2AA5yZXBseUA2ODc4MTMzNAAAcEoAAAAAaS8eQg==.AAECAwQFBgcICQoLDA0ODw=="


def address(term: bytes, key: bytes = KEY) -> str:
    return f"{PREFIX}{base64.b64encode(term).decode()}.{base64.b64encode(key).decode()}"


def process(node: bytes, *, head: bytes = b"\x83Xw", rest: bytes = bytes(12)) -> bytes:
    return head + bytes([len(node)]) + node + rest


WRONG = (
    "amq.rabbitmq.reply-to", "amq.rabbitmq.reply-to.", "amq.rabbitmq.reply-to.a.b",
    "amq.rabbitmq.reply-to.g1gAAA==.AAAA", "amq.rabbitmq.reply-to.g1h2AA.xyz",
    REAL + ".", REAL + "\n", REAL[:-1], REAL.replace(".x", "x"), " " + REAL,
    # An integer, an atom, a function and a reference of Erlang, where a process is expected.
    address(b"\x83a\x01"), address(b"\x83w\x01a"), address(b"\x83p" + bytes(30)), address(b"\x83Z" + bytes(30)),
    # A node of another name would be connected to; an atom of any name would be made, and never forgotten.
    address(process(b"evil@192.0.2.1")), address(process(b"reply@")), address(process(b"reply@01")),
    address(process(b"reply@-1")), address(process(b"reply@" + b"9" * 10)), address(process("reply@１".encode())),
    address(process(b"reply@1", rest=bytes(11))), address(process(b"reply@1", rest=bytes(13))),
    address(process(b"reply@1", head=b"\x83gw")), address(process(b"reply@1", head=b"\x83Xd")),
    address(process(b"reply@1"), b"short"), address(process(b"reply@1"), bytes(17)), address(process(b"reply@1"), b""),
    # nameko's are in lower case, and the broker lets a service write no others.
    "6F1E1B3E-3A8F-4C57-9B1A-0D7C7A3A2B11", "6f1e1b3e-3a8f-4c57-9b1a-0d7c7a3a2b11\n",
    "payment.create_order", "rpc-payment", "dead.payment", "", None, 5,
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_broker_has_made_is_no_reply_address(wrong: Any) -> None:
    assert node_of(wrong) is None


@pytest.mark.parametrize(("right", "node"), [
    (REAL, "reply@131007892"), (OTHER_RELEASE, "reply@68781334"), ("6f1e1b3e-3a8f-4c57-9b1a-0d7c7a3a2b11", NAMEKO),
    (address(process(b"reply@7")), "reply@7"), (address(process(b"reply@7", head=b"\x83gw", rest=bytes(9))), "reply@7"),
    # On Erlang 25 such an id does not decode: it is tried by itself.
    (token("reply@7", 2**28, 0, 1, KEY), "reply@7 " + struct.pack(">III", 2**28, 0, 1).hex()),
])  # fmt: skip
def test_what_a_broker_makes_is_a_reply_address_on_a_node(right: str, node: str) -> None:
    assert node_of(right) == node


@given(st.text(max_size=255) | st.text("amq.rbitqeply-to=/+Xwv", max_size=200).map(PREFIX.__add__))
def test_no_text_raises(text: str) -> None:
    node_of(text)


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_no_term_of_erlang_raises(term: bytes, key: bytes) -> None:
    node_of(address(term, key))


def own_token(user: RawUser) -> str:
    """The address that the broker gives this user's channel."""
    user.channel.queue_declare("who-am-i", exclusive=True)
    user.publish(b"", "who-am-i", "")
    time.sleep(0.2)
    return str(user.channel.basic_get("who-am-i", no_ack=True).properties["reply_to"])


@pytest.mark.integration
def test_only_this_brokers_nodes_are_written_to(rabbitmq: RabbitMQ, broker_url: str) -> None:
    """RabbitMQ 3.10.8 ends the connection (541) for a node that has left its cluster, or was never in it."""
    opened = []

    def open_connection(url: str) -> BrokerConnection:
        opened.append(url)
        return BrokerConnection(url, heartbeat_s=0)

    nodes = ReplyNodes(broker_url, open_connection=open_connection)
    with RawUser(broker_url) as user:
        mine = own_token(user)
    own = str(node_of(mine))
    assert nodes.prove(mine, "app") and nodes.knows(own)
    assert nodes.prove(token(own, 2**28 - 1, 2**13 - 1, 1, KEY), "app") and len(opened) == 1
    for number in range(FAILURES + 3):
        assert not nodes.prove(token(f"reply@{number}", 1, 0, 1, KEY), "mallory")
    assert len(opened) == 1 + FAILURES, "who has cost so many connections is refused without another"
    assert nodes.prove(mine, "mallory")
    nodes.forget()
    assert not nodes.knows(own)
    assert nodes.prove(mine, "app") and nodes.knows(own)


HOSTILE = (
    "amq.rabbitmq.reply-to.a.b", "amq.rabbitmq.reply-to.", address(b"\x83a\x01"), address(process(b"reply@1")),
    token("reply@123", 686, 0, 1795983886, KEY), token("reply@123", 2**32 - 1, 2**32 - 1, 2**32 - 1, KEY),
    str(uuid.uuid4()).upper(),
)  # fmt: skip


def send_to(payment: Deployed, app: RawUser, hostile: str) -> None:
    app.publish(orjson.dumps([{"id": "1", "method": "x", "kwargs": {}}]), "payment.calls",
                content_type=names.CALLS_CONTENT_TYPE, user_id="app-demo", reply_to=hostile)  # fmt: skip
    app.publish(orjson.dumps({"args": [], "kwargs": {}}), "payment.list_fee_items", correlation_id="1",
                content_type=names.JSON_CONTENT_TYPE, user_id="app-demo", reply_to=hostile)  # fmt: skip


@pytest.mark.integration
def test_an_address_that_the_broker_did_not_make_costs_the_service_nothing(lab: Lab) -> None:
    with deployed(lab) as payment:
        with RawUser(payment.world.broker_url) as admin:
            mine = own_token(admin)
        creation = int.from_bytes(base64.b64decode(mine.removeprefix(PREFIX).partition(".")[0])[-4:], "big")
        hostile = (*HOSTILE, token(str(node_of(mine)), 2**28, 0, creation, KEY))
        before = payment.losses()
        with RawUser(payment.urls["app-demo"]) as app:
            for one in hostile:
                send_to(payment, app, one)
        assert payment.dead(2 * len(hostile)) == ["bus.malformed-message"] * 2 * len(hostile)
        assert payment.answers()
        assert payment.losses() == before


class RecordedConnection:
    closed = False

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def publish(self, body: bytes, **properties: Any) -> None:
        self.sent.append(body)


def _nested(levels: int) -> list[Any]:
    return [_nested(levels - 1)] if levels else []


@pytest.mark.parametrize("outcome", [2**70, _nested(300)])
def test_a_plain_reply_that_json_has_no_form_for_is_answered_as_internal(outcome: Any) -> None:
    """It raised TypeError, which was taken for a broken connection: the call came again, for ever."""
    connection, request = RecordedConnection(), Request({}, CallContext("app-demo", "demo"))
    request.finish(outcome)
    delivery = Delivery(cast(BrokerConnection, connection), 1, "6f1e1b3e-3a8f-4c57-9b1a-0d7c7a3a2b11", "1", plain=True)
    send_replies([InboundCall("1", "echo", request, delivery)], 10_000)
    (reply,) = (orjson.loads(body) for body in connection.sent)
    assert reply["error"]["code"] == "internal"
