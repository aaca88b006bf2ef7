"""The service as `zhongtai run` starts it, on RabbitMQ and PostgreSQL, with a real mail server."""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.notification.messages.domain.errors import TooManyCodes
from services.notification.templates.domain.errors import ValuesMissing
from shared_components.bus import BusClient
from shared_components.devstack.sandbox import CARRIER_ACCOUNT, carrier_settings, start_carrier
from shared_components.devstack.servers import PostgreSQL
from shared_components.devstack.smtp_sink import RunningSink, running_sink
from shared_components.security.request_signing import sign
from tests.integration.bus_harness import RawBroker, ServiceProcess, wait_until

pytestmark = pytest.mark.integration
CARRIER_SECRET = "a-secret-of-the-carrier"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[RunningSink]:
    with running_sink(tmp_path / "mail") as sink:
        yield sink


@pytest.fixture
def carrier() -> Iterator[str]:
    with ExitStack() as stack:
        yield start_carrier(stack, CARRIER_SECRET)


@pytest.fixture
def client(broker_url: str, postgres_url: str, sink: RunningSink, carrier: str, tmp_path: Path) -> Iterator[BusClient]:
    settings = {"smtp_port": sink.port, "first_retry_s": 0.5, "sms": {"sandbox": carrier_settings(
        carrier, CARRIER_SECRET, "http://127.0.0.1:9")}}
    configuration = tmp_path / "zhongtai.yaml"
    configuration.write_text(json.dumps({"services": {"notification": settings}}))  # JSON is YAML
    environment = {
        "ZHONGTAI_CONFIG": str(configuration), "ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": postgres_url,
    }  # fmt: skip
    command = ("shared_components.cli.main", "run", "notification", "identity")
    with (
        RawBroker(broker_url) as broker,
        ServiceProcess(*command, log=tmp_path / "service.log", environment=environment) as service,
    ):
        service.wait_until_consuming(broker, "rpc-notification").wait_until_consuming(broker, "rpc-identity")
        client = BusClient(broker_url, caller="operator", tenant="transport")
        yield client
        client.close()
        service.terminate()
        assert service.wait_exit(seconds=40) == 0, service.log()[-2000:]


def wait_for_state(client: BusClient, message_id: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def reached() -> bool:
        found.update(client.notification.get(message_id=message_id))
        return bool(found["state"] == state)

    wait_until(reached, f"message in state {state}", seconds=20)
    return found


def everything_kept(postgres: PostgreSQL, url: str) -> str:
    """Every row of the service's schema, as text, bytes decoded."""
    database = url.rpartition("/")[2]
    tables = postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'notification'", database=database)
    rows = [
        row for (table,) in tables for row in postgres.execute(f"SELECT * FROM notification.{table}", database=database)  # noqa: S608
    ]
    assert rows
    return "\n".join(
        bytes(cell).decode(errors="replace") if isinstance(cell, memoryview) else str(cell)
        for row in rows for cell in row
    )  # fmt: skip


def test_messages_go_out_once_are_retried_and_are_read(
    client: BusClient, sink: RunningSink, postgres: PostgreSQL, postgres_url: str
) -> None:
    notification = client.notification
    notification.put_template(template_code="paid", channel="email", subject="缴费((n))元", body="((name))您好")
    notification.put_template(template_code="paid", channel="inbox", body="((name)),已缴((n))元")
    values = {"name": "张三", "n": 10}

    request = {"template_code": "paid", "channel": "email", "address": "zhang@example.cn", "values": values}
    first, again = (notification.send(**request, reference="case_1", op_id="op-1") for _ in range(2))
    assert first == again
    sent = wait_for_state(client, first["message_id"], "sent")
    assert (sent["attempts"], sent["address"]) == (1, "z***@example.cn")

    busy = notification.send(**{**request, "address": "busy-once@example.cn"})
    assert wait_for_state(client, busy["message_id"], "sent")["attempts"] == 2
    lost = notification.send(**{**request, "address": "permanent-failure@example.cn"})
    assert wait_for_state(client, lost["message_id"], "permanent-failure")["failure_code"] == "smtp-550"

    with pytest.raises(ValuesMissing, match="name"):
        notification.send(**{**request, "values": {"n": 1}})
    sent = notification.send(template_code="paid", channel="inbox", recipient_subject="sub_1", values=values)
    assert (sent["state"], sent["failure_code"]) == ("created", "recipient-unknown")
    (item,) = notification.inbox(recipient_subject="sub_1")["items"]
    assert item["body"] == "张三,已缴10元"
    assert notification.mark_read(message_id=item["message_id"])["read_at"]

    assert [letter["To"] for letter in sink.letters()] == ["zhang@example.cn", "busy-once@example.cn"]
    kept = everything_kept(postgres, postgres_url)
    assert [canary for canary in ("zhang@", "busy-once", "张三", "缴费10元") if canary in kept] == []
    assert [one["message_id"] for one in notification.list(reference="case_1")["items"]] == [first["message_id"]]


def test_an_inbox_message_is_delivered_to_a_subject_that_identity_has_registered(client: BusClient) -> None:
    client.notification.put_template(template_code="paid", channel="inbox", body="已缴")
    person = client.identity.register_person(name="张三", id_type="111", id_number="11010519491231002X")
    request = {"template_code": "paid", "channel": "inbox", "recipient_subject": person["subject_id"]}
    early = client.notification.send(**request)
    assert wait_for_state(client, early["message_id"], "delivered")["delivered_at"]
    assert client.notification.send(**request)["state"] == "delivered"


def test_texts_of_each_class_go_out_once_and_receipts_of_any_tenant_arrive(
    client: BusClient, broker_url: str, carrier: str, postgres: PostgreSQL, postgres_url: str,
) -> None:
    gateway = BusClient(broker_url, caller="gateway", tenant="another-tenant")
    client.notification.put_template(template_code="paid", channel="sms", body="((name))您好，缴费((n))元")
    request = {"template_code": "paid", "channel": "sms", "address": "13800000001", "values": {"name": "张三", "n": 10}}
    ids = [client.notification.send(**request, message_class=one)["message_id"] for one in ("urgent", "normal", "bulk")]
    for message_id in ids:
        assert wait_for_state(client, message_id, "sent")["attempts"] == 1
    texts = httpx.get(f"{carrier}/texts", trust_env=False).json()["texts"]
    assert {(one["body"], one["times"]) for one in texts} == {("张三您好，缴费10元", 1)}

    receipts = [{"message_id": one["message_id"], "reference": one["reference"], "state": "delivered"} for one in texts]
    body = json.dumps({"account": CARRIER_ACCOUNT, "receipts": receipts})
    headers = sign(body.encode(), key_id=CARRIER_ACCOUNT, key=CARRIER_SECRET.encode(), at=datetime.now(UTC))
    answers = [gateway.notification.record_receipt(provider="sandbox", headers=headers, body=body) for _ in range(2)]
    assert [answer["changed"] for answer in answers] == [3, 0]
    assert {client.notification.get(message_id=one)["state"] for one in ids} == {"delivered"}
    kept = everything_kept(postgres, postgres_url)
    assert [canary for canary in ("13800000001", "张三您好") if canary in kept] == []
    gateway.close()

    client.notification.put_template(template_code="code", channel="sms", purpose="code", body="((code))")
    code = {"template_code": "code", "channel": "sms", "address": "13800000002", "values": {"code": "1"}}
    assert client.notification.send(**code)["message_class"] == "urgent"
    with pytest.raises(TooManyCodes):
        client.notification.send(**code)
