"""Webhooks from the event to the app's endpoint, over real HTTP on loopback."""
from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from services.payment.webhooks.adapters.sql import W
from services.payment.webhooks.domain.errors import (
    DeliveryUnknown,
    WebhookOwnerRefused,
    WebhooksTooMany,
    WebhookUnknown,
    WebhookUrlRefused,
)
from services.payment.webhooks.schemas import Delivery, PutWebhook, PutWebhookReply, Webhook
from services.payment.webhooks.usecases.delivery import OrderEvent, keep_for_apps
from services.payment.webhooks.usecases.webhooks import (
    EVENTS,
    list_deliveries,
    list_webhooks,
    put_webhook,
)
from shared_components.kernel.clock import FixedClock
from shared_components.security.request_signing import RequestVerifier, sign
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.delivering import KEEP, forget_old
from shared_components.webhooks.delivery_log import ListDeliveries, ResendWebhook, resend_webhook
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.keeping import ListWebhooks, RemoveWebhook, remove_webhook
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.webhook import RETRY_AFTER, Sent
from tests.outcomes import one
from tests.unit.payment.memory import TARGETS, MemoryTransactions
from tests.unit.payment.steps import make_order
from tests.unit.payment.webhooks.receiver import (
    Receiver,
    answer_with,
    answer_with_a_flood,
    answer_without_end,
    receiver,
)
from tests.unit.payment.world import OTHER_TENANT, START, TENANT, call

APP = "app-test"


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


def put(transactions: Any, url: str, *, caller: str = APP, tenant: str = TENANT, **more: Any) -> Any:
    with transactions.begin(tenant) as tx:
        request = PutWebhook().load({"url": url, **more})
        return PutWebhookReply().dump(put_webhook(tx, *call(request, caller=caller, tenant=tenant)))


def shown(transactions: Any, caller: str = APP, tenant: str = TENANT) -> list[Any]:
    with transactions.begin(tenant) as tx:
        found = one(list_webhooks(tx, [call(ListWebhooks(limit=50), caller=caller, tenant=tenant)])).items
    return [Webhook().dump(webhook) for webhook in found]


def log(transactions: Any, caller: str = APP, **wanted: Any) -> list[Any]:
    with transactions.begin(TENANT) as tx:
        found = one(list_deliveries(tx, [call(ListDeliveries(limit=50, **wanted), caller=caller)])).items
    return [Delivery().dump(delivery) for delivery in found]


def happened(transactions: Any, order_id: str, event_id: str = "evt_1", type: str = "order-paid") -> None:
    event: Any = SimpleNamespace(
        id=event_id, type=type, version=1, tenant=TENANT, occurred_at=START, sequence=3,
        data={"order_id": order_id, "state": "paid", "reference": "案件一"},
    )
    with transactions.begin(TENANT) as tx:
        keep_for_apps(tx, [OrderEvent(event, order_id)])


def deliver(transactions: Any, timeout_s: float = 5) -> int:
    return deliver_due(transactions, HttpSender(TARGETS, timeout_s=timeout_s), sign)


def deliver_due(transactions: Any, sender: Any, sign: Any) -> int:
    """One run and the end of all its attempts."""
    dispatcher = WebhookDispatcher(transactions, sender, sign)
    begun = dispatcher.run()
    assert dispatcher.finish(30)
    return begun


def test_an_app_is_told_with_a_signature_that_verifies(transactions: Any, endpoint: Receiver) -> None:
    order_id = make_order(transactions)
    webhook = put(transactions, endpoint.url)
    happened(transactions, order_id)
    assert deliver(transactions) == 1
    ((headers, body),) = endpoint.got
    key = RequestVerifier({webhook["key_id"]: webhook["secret"].encode()}).verify(headers, body, at=START)
    assert key == webhook["key_id"]
    assert json.loads(body) == {
        "id": "evt_1", "type": "order-paid", "version": 1, "occurred_at": START.isoformat(), "sequence": 3,
        "data": {"order_id": order_id, "state": "paid", "reference": "案件一"},
    }
    assert (headers["X-Zhongtai-Event"], headers["X-Zhongtai-Event-Id"]) == ("order-paid", "evt_1")
    (delivery,) = log(transactions)
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 204)
    assert shown(transactions)[0]["last_success_at"] == START.isoformat()
    assert deliver(transactions) == 0


def test_the_guides_receiver_verifies_what_is_sent_and_nothing_else(transactions: Any, endpoint: Receiver) -> None:
    guide = (Path(__file__).parents[4] / "docs" / "guides" / "webhooks.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    verify: dict[str, Any] = {}
    exec(snippet, verify)  # noqa: S102
    order_id = make_order(transactions)
    webhook = put(transactions, endpoint.url)
    happened(transactions, order_id)
    deliver(transactions)
    ((headers, body),) = endpoint.got
    secrets, now = {webhook["key_id"]: webhook["secret"]}, START.timestamp()
    verify["verify"](headers, body, secrets, now=now)
    forged = {name: "0" * 64 if name == "X-Zhongtai-Signature" else value for name, value in headers.items()}
    for wrong in (
        (headers, body + b" ", secrets, now), (forged, body, secrets, now), (headers, body, {}, now),
        (headers, body, {webhook["key_id"]: "another"}, now), (headers, body, secrets, now + 301),
        ({}, body, secrets, now), ({**headers, "X-Zhongtai-Timestamp": "x"}, body, secrets, now),
    ):
        with pytest.raises(ValueError, match="sign"):
            verify["verify"](wrong[0], wrong[1], wrong[2], now=wrong[3])


def test_the_guide_names_every_event() -> None:
    guide = (Path(__file__).parents[4] / "docs" / "guides" / "webhooks.md").read_text(encoding="utf-8")
    assert all(f"`{event}`" in guide for event in EVENTS)


def test_a_failure_is_tried_again_after_a_minute_five_an_hour_a_day_and_two(
    transactions: Any, endpoint: Receiver, clock: FixedClock
) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    endpoint.answer = answer_with(500)
    assert [wait.total_seconds() for wait in RETRY_AFTER] == [60, 300, 3600, 86400, 172800]
    for number, wait in enumerate(RETRY_AFTER, 1):
        assert deliver(transactions) == 1
        assert len(endpoint.got) == number
        clock.advance(wait - timedelta(seconds=1))
        assert deliver(transactions) == 0
        clock.advance(timedelta(seconds=1))
    assert deliver(transactions) == 1
    (delivery,) = log(transactions)
    assert (delivery["state"], delivery["attempts"], delivery["last_failure"]) == ("failed", 6, "http-status")
    assert len({headers["X-Zhongtai-Event-Id"] for headers, _ in endpoint.got}) == 1
    assert len({headers["X-Zhongtai-Timestamp"] for headers, _ in endpoint.got}) == 6


def test_a_dead_endpoint_is_suspended_and_what_waits_is_sent_once_it_is_resumed(
    transactions: Any, endpoint: Receiver, clock: FixedClock, recorded: list[dict[str, Any]]
) -> None:
    webhook = put(transactions, endpoint.url)
    order_id = make_order(transactions)
    happened(transactions, order_id)
    endpoint.answer = answer_with(503)
    for wait in (*RETRY_AFTER, timedelta()):
        deliver(transactions)
        clock.advance(wait)
    assert shown(transactions)[0]["state"] == "suspended"
    assert [event["data"]["webhook_id"] for event in recorded if event["type"] == "webhook-suspended"] == [
        webhook["webhook_id"]]
    happened(transactions, order_id, "evt_2")
    clock.advance(timedelta(days=9))
    assert deliver(transactions) == 0
    endpoint.answer = answer_with(200)
    assert put(transactions, endpoint.url, webhook_id=webhook["webhook_id"])["state"] == "active"
    assert deliver(transactions) == 1
    assert endpoint.got[-1][0]["X-Zhongtai-Event-Id"] == "evt_2"


def test_one_event_that_is_never_taken_suspends_nobody_who_takes_others(
    transactions: Any, endpoint: Receiver, clock: FixedClock
) -> None:
    put(transactions, endpoint.url)
    order_id = make_order(transactions)
    happened(transactions, order_id, "evt_bad")
    endpoint.answer = lambda handler: answer_with(
        500 if handler.headers["X-Zhongtai-Event-Id"] == "evt_bad" else 200)(handler)
    for number, wait in enumerate((*RETRY_AFTER, timedelta())):
        happened(transactions, order_id, f"evt_{number}")
        deliver(transactions)
        clock.advance(wait)
    assert shown(transactions)[0]["state"] == "active"
    assert [d["state"] for d in log(transactions) if d["event_id"] == "evt_bad"] == ["failed"]


def test_an_endpoint_that_is_gone_is_suspended_at_once(transactions: Any, endpoint: Receiver) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    endpoint.answer = answer_with(410)
    deliver(transactions)
    assert shown(transactions)[0]["state"] == "suspended"


@pytest.mark.parametrize(("answer", "failure", "status"), [
    (answer_with(302, Location="http://127.0.0.1:9/"), "redirect-refused", 302),
    (answer_with(404), "http-status", 404),
    (answer_without_end, "timeout", None),
    (answer_with_a_flood, "answer-too-large", None),
    (lambda handler: handler.wfile.write(b"gopher\r\n\r\n"), "answer-malformed", None),
    (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40_000), "answer-malformed", None),
    (lambda handler: time.sleep(1.2), "timeout", None),
])
def test_an_answer_that_is_no_plain_success_is_a_failure(
    transactions: Any, endpoint: Receiver, answer: Any, failure: str, status: int | None
) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    endpoint.answer = answer
    begun = time.monotonic()
    deliver(transactions, timeout_s=0.8)
    assert time.monotonic() - begun < 5
    (delivery,) = log(transactions)
    assert (delivery["last_failure"], delivery["last_status"]) == (failure, status)
    assert (delivery["state"], len(endpoint.got)) == ("pending", 1)


def test_a_slow_endpoint_does_not_hold_up_the_others(transactions: Any, endpoint: Receiver) -> None:
    with receiver() as slow:
        slow.answer = lambda handler: time.sleep(3)
        put(transactions, slow.url)
        put(transactions, endpoint.url)
        order_id = make_order(transactions)
        for number in range(12):
            happened(transactions, order_id, f"evt_{number}")
        dispatcher = WebhookDispatcher(transactions, HttpSender(TARGETS, timeout_s=2.5), sign)
        begun = time.monotonic()
        dispatcher.run()
        assert time.monotonic() - begun < 2
        assert (len(slow.got), len(endpoint.got)) == (4, 12)
        assert dispatcher.finish(10)


def test_an_event_is_kept_once_for_a_webhook_however_often_it_comes(transactions: Any, endpoint: Receiver) -> None:
    put(transactions, endpoint.url)
    order_id = make_order(transactions)
    for _ in range(3):
        happened(transactions, order_id)
    deliver(transactions)
    deliver(transactions)
    assert len(endpoint.got) == 1


def test_each_app_is_told_of_its_own_orders_and_only_of_what_it_asked_for(
    transactions: Any, endpoint: Receiver
) -> None:
    order_id = make_order(transactions)  # of app-test
    put(transactions, endpoint.url + "/own", events=["order-refunded"])
    put(transactions, endpoint.url + "/other", caller="app-other")
    put(transactions, endpoint.url + "/all", caller="operator")
    put(transactions, endpoint.url + "/for", caller="operator", app=APP)
    put(transactions, endpoint.url + "/tenant", caller="operator", tenant=OTHER_TENANT)
    happened(transactions, order_id)
    told = {delivery["webhook_id"] for delivery in log(transactions, caller="operator")}
    assert told == {w["webhook_id"] for w in shown(transactions, "operator") if w["url"].endswith(("/all", "/for"))}
    assert [w["url"].rsplit("/")[-1] for w in shown(transactions)] == ["own", "for"]
    assert len(log(transactions)) == 1
    assert not log(transactions, caller="app-other")


def test_a_webhook_is_its_owners(transactions: Any, endpoint: Receiver) -> None:
    webhook = put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    (delivery,) = log(transactions)
    strange = {"caller": "app-other"}
    with pytest.raises(WebhookUnknown):
        put(transactions, endpoint.url, webhook_id=webhook["webhook_id"], **strange)
    with pytest.raises(WebhookOwnerRefused):
        put(transactions, endpoint.url, app="app-other")
    with transactions.begin(TENANT) as tx:
        with pytest.raises(WebhookUnknown):
            remove_webhook(tx, *call(RemoveWebhook(webhook_id=webhook["webhook_id"]), **strange))
        with pytest.raises(DeliveryUnknown):
            resend_webhook(tx, *call(ResendWebhook(delivery_id=delivery["delivery_id"]), **strange))
        remove_webhook(tx, *call(RemoveWebhook(webhook_id=webhook["webhook_id"])))
    assert (shown(transactions), deliver(transactions)) == ([], 0)


def test_the_secret_is_shown_once_and_replaced_on_demand(transactions: Any, endpoint: Receiver) -> None:
    first = put(transactions, endpoint.url)
    assert "secret" not in shown(transactions)[0]
    assert put(transactions, endpoint.url, webhook_id=first["webhook_id"])["secret"] is None
    second = put(transactions, endpoint.url, webhook_id=first["webhook_id"], rotate_secret=True)
    assert second["secret"] not in (None, first["secret"])
    assert (first["key_id"][-2:], second["key_id"][-2:]) == (".1", ".2")
    happened(transactions, make_order(transactions))
    deliver(transactions)
    ((headers, body),) = endpoint.got
    keys = {each["key_id"]: each["secret"].encode() for each in (first, second)}
    assert RequestVerifier(keys).verify(headers, body, at=START) == second["key_id"]


def test_resending_by_hand_starts_anew_with_the_same_event(
    transactions: Any, endpoint: Receiver, clock: FixedClock
) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    deliver(transactions)
    (delivery,) = log(transactions)
    with transactions.begin(TENANT) as tx:
        again = resend_webhook(tx, *call(ResendWebhook(delivery_id=delivery["delivery_id"])))
    assert (again["state"], again["attempts"]) == ("pending", 1)
    endpoint.answer = answer_with(500)
    for wait in (*RETRY_AFTER, timedelta()):
        assert deliver(transactions) == 1
        clock.advance(wait)
    assert log(transactions)[0]["attempts"] == 7
    assert len({body for _, body in endpoint.got}) == 1
    with transactions.begin(TENANT) as tx, pytest.raises(DeliveryUnknown):
        resend_webhook(tx, *call(ResendWebhook(delivery_id="whd_nothing")))


def test_addresses_and_numbers_are_checked_when_a_webhook_is_put(transactions: Any, endpoint: Receiver) -> None:
    with pytest.raises(WebhookUrlRefused):
        put(transactions, "https://10.0.0.1/")
    for _ in range(20):
        put(transactions, endpoint.url)
    with pytest.raises(WebhooksTooMany):
        put(transactions, endpoint.url)
    put(transactions, endpoint.url, caller="app-other")


def test_a_sender_that_died_is_followed_by_another(transactions: Any, endpoint: Receiver, clock: FixedClock) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    with transactions.begin() as tx:
        due = tx.deliveries.due(
            clock.now(), limit=9, per_webhook=9, per_tenant=9, not_tenants=(), not_webhooks=())
        claimed = tx.deliveries.claim(
            [one.delivery_id for one in due], clock.now(), until=clock.now() + timedelta(seconds=60))
    assert (len(claimed), deliver(transactions)) == (1, 0)
    clock.advance(timedelta(seconds=60))
    assert deliver(transactions) == 1
    assert log(transactions)[0]["state"] == "delivered"


def test_the_log_is_forgotten_after_its_time_and_what_waits_is_not(
    transactions: Any, endpoint: Receiver, clock: FixedClock
) -> None:
    put(transactions, endpoint.url)
    order_id = make_order(transactions)
    happened(transactions, order_id, "evt_1")
    deliver(transactions)
    endpoint.answer = answer_with(500)
    happened(transactions, order_id, "evt_2")
    deliver(transactions)
    clock.advance(KEEP + timedelta(seconds=1))
    assert (forget_old(transactions), forget_old(transactions)) == (1, 0)
    assert [delivery["event_id"] for delivery in log(transactions)] == ["evt_2"]


def test_the_log_holds_nothing_of_what_was_said(transactions: Any, endpoint: Receiver) -> None:
    put(transactions, endpoint.url)
    happened(transactions, make_order(transactions))
    deliver(transactions)
    assert "案件一" not in json.dumps(log(transactions), ensure_ascii=False)


def test_tls_is_verified_against_the_name(transactions: Any) -> None:
    """A plain HTTP server where TLS is expected."""
    with receiver() as here:
        put(transactions, here.url.replace("http:", "https:"))
        happened(transactions, make_order(transactions))
        deliver(transactions)
    assert log(transactions)[0]["last_failure"] == "tls-failed"


class BrokenSender:
    """Fails of one webhook as only a bug would, and has another one's answered."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, url: str, headers: Any, body: bytes) -> Sent:
        if url == self.url:
            raise RuntimeError("a bug")
        return Sent(204, None, 1)


def of_webhook(transactions: Any, webhook: Any) -> Any:
    (delivery,) = log(transactions, webhook_id=webhook["webhook_id"])
    return delivery["state"], delivery["last_failure"], delivery["attempts"]


def test_what_breaks_while_one_is_sent_is_its_own_failed_attempt(transactions: Any, clock: FixedClock) -> None:
    bad, good = (put(transactions, f"https://hooks.example.org/{name}") for name in ("bad", "good"))
    happened(transactions, make_order(transactions))
    assert deliver_due(transactions, BrokenSender(bad["url"]), sign) == 2
    assert (of_webhook(transactions, bad), of_webhook(transactions, good)) == (
        ("pending", "not-sent", 1),
        ("delivered", None, 1),
    )
    for wait in RETRY_AFTER:
        clock.advance(wait)
        deliver_due(transactions, BrokenSender(bad["url"]), sign)
    assert of_webhook(transactions, bad) == ("failed", "not-sent", 6)


def test_what_breaks_while_one_is_noted_is_its_own_failed_attempt(
    transactions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (put(transactions, f"https://hooks.example.org/{name}") for name in ("bad", "good"))
    happened(transactions, make_order(transactions))
    judge = hooks.judge

    def broken(delivery: Any, webhook: Any, sent: Sent, at: Any) -> Any:
        if webhook.webhook_id == bad["webhook_id"] and sent.taken:
            raise RuntimeError("a bug")
        return judge(delivery, webhook, sent, at)

    monkeypatch.setattr(hooks, "judge", broken)
    assert deliver_due(transactions, BrokenSender("none"), sign) == 2
    assert (of_webhook(transactions, bad), of_webhook(transactions, good)) == (
        ("pending", "not-noted", 1),
        ("delivered", None, 1),
    )


def test_a_url_that_http_cannot_say_was_stored_before_and_is_given_up_in_the_end(transactions: Any) -> None:
    webhook = put(transactions, "https://hooks.example.org/")
    with transactions.begin(TENANT) as tx:
        tx.webhooks.save(replace(tx.webhooks.get(TENANT, webhook["webhook_id"]), url=webhook["url"] + "\x7f"))
    happened(transactions, make_order(transactions))
    deliver(transactions)
    assert of_webhook(transactions, webhook) == ("pending", "url-refused", 1)


def lose_secret(transactions: Any, webhook_id: str) -> None:
    if isinstance(transactions, MemoryTransactions):
        with transactions.begin() as tx:
            webhook = tx.webhooks.get(TENANT, webhook_id)
            assert webhook is not None
            tx.webhooks.add(replace(webhook, secret=None))
        return
    with transactions.database.transaction([TENANT]) as session:
        session.execute(update(W).where(W.c.webhook_id == webhook_id).values(secret=b"\x01nothing"))


def test_a_secret_that_cannot_be_decrypted_fails_its_own_deliveries_until_it_is_replaced(
    transactions: Any, endpoint: Receiver, clock: FixedClock
) -> None:
    lost, good = put(transactions, endpoint.url + "/lost"), put(transactions, endpoint.url + "/good")
    lose_secret(transactions, lost["webhook_id"])
    happened(transactions, make_order(transactions))
    assert deliver(transactions) == 2
    assert (of_webhook(transactions, lost), of_webhook(transactions, good)) == (
        ("pending", "secret-lost", 1),
        ("delivered", None, 1),
    )
    put(
        transactions, lost["url"], webhook_id=lost["webhook_id"]
    )  # a change without a new secret mends nothing, nor fails
    clock.advance(RETRY_AFTER[0])
    deliver(transactions)
    assert of_webhook(transactions, lost) == ("pending", "secret-lost", 2)
    assert put(transactions, lost["url"], webhook_id=lost["webhook_id"], rotate_secret=True)["secret"]
    clock.advance(RETRY_AFTER[1])
    deliver(transactions)
    assert of_webhook(transactions, lost) == ("delivered", None, 3)
