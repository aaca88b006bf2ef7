"""Apps are told of messages, cases and licences that concern them, and of nothing else."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.notification.callbacks.domain.published import PUBLISHED, TOLD_AS, TYPES, types_of
from services.notification.callbacks.schemas import PutWebhook
from services.notification.callbacks.usecases.keep import keep_for_apps
from services.notification.callbacks.usecases.webhooks import list_deliveries, put_webhook
from services.notification.messages.usecases.events import ACCEPTED, ACCEPTED_BY_CLASS
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.names import app_queue
from shared_components.bus.server.app_queues import AppQueues, EventSender
from shared_components.kernel.calls import Call, CallContext, Event
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import contract_of
from shared_components.security.request_signing import RequestVerifier, sign
from shared_components.webhooks.delivery_log import ListDeliveries
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.errors import OwnerRefused, UrlRefused
from shared_components.webhooks.ports import WebhookSender
from shared_components.webhooks.sender import HttpSender
from shared_components.webhooks.webhook import OWN_QUEUE
from tests.unit.notification.world import RULES, START, TARGETS, World
from tests.unit.payment.webhooks.receiver import Receiver, answer_with, receiver

CASE = {"case_id": "case_1", "matter_code": "m", "state": "completed", "app": "app-a"}
LICENCE = {"licence_id": "lic_1", "to_state": "revoked", "reason": "违规", "type_name": "驾驶证"}


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


def context(caller: str, method: str = "put_webhook") -> CallContext:
    department = "transport" if caller.startswith("app-") else None
    return CallContext(caller, "transport", department=department, rule=RULES[method])


def put(world: World, url: str, caller: str = "app-a", **more: Any) -> Any:
    with world.begin() as tx:
        return put_webhook(tx, PutWebhook().load({"url": url, **more}), context(caller))


def happened(
    world: World, type_: str, data: dict[str, Any], event_id: str = "evt_1", tenant: str = "transport",
) -> None:
    event = Event(event_id, type_, PUBLISHED[TOLD_AS.get(type_, type_)].source, START, "x", tenant, data, sequence=2)
    with world.begin(tenant) as tx:
        keep_for_apps(tx, [event])


def deliver(world: World, sender: WebhookSender | None = None) -> int:
    transactions: Any = world
    dispatcher = WebhookDispatcher(transactions, sender or HttpSender(TARGETS, timeout_s=5), sign)
    begun = dispatcher.run()
    assert dispatcher.finish(30)
    return begun


def told(world: World, endpoint: Receiver) -> list[tuple[str, Any]]:
    """Type and data of what the endpoint gets now."""
    endpoint.got.clear()
    deliver(world)
    return sorted((body["type"], body["data"]) for body in (json.loads(raw) for _, raw in endpoint.got))


def test_an_app_is_told_of_its_message_with_a_signature_that_verifies(world: World, endpoint: Receiver) -> None:
    hook = put(world, endpoint.url)
    world.put()
    (sent,) = world.send_all({"address": "li@example.cn", "app": "app-a", "reference": "r-1"})
    happened(world, "message-sent", {"message_id": sent.message_id, "state": "sent", "reference": "r-1"})
    assert deliver(world) == 1
    ((headers, body),) = endpoint.got
    verifier = RequestVerifier({hook["key_id"]: hook["secret"].encode()})
    assert verifier.verify(headers, body, at=START) == hook["key_id"]
    assert json.loads(body) == {
        "id": "evt_1", "type": "message-sent", "version": 1, "occurred_at": START.isoformat(), "sequence": 2,
        "data": {"message_id": sent.message_id, "state": "sent", "reference": "r-1"}}


def test_another_app_and_another_department_hear_nothing(world: World, endpoint: Receiver) -> None:
    put(world, endpoint.url, "app-b")
    happened(world, "case-completed", CASE)
    happened(world, "case-completed", CASE, "evt_2", tenant="tax")
    assert told(world, endpoint) == []


def test_the_departments_own_webhook_hears_of_all_apps(world: World, endpoint: Receiver) -> None:
    put(world, endpoint.url, "operator")
    happened(world, "case-completed", CASE)
    shown = {name: value for name, value in CASE.items() if name != "app"}
    assert told(world, endpoint) == [("case-completed", shown)]


def test_licences_are_told_to_every_app_of_the_department_without_free_text(world: World, endpoint: Receiver) -> None:
    put(world, endpoint.url, "app-b")
    happened(world, "licence-state-changed", LICENCE)
    assert told(world, endpoint) == [("licence-state-changed", {"licence_id": "lic_1", "to_state": "revoked"})]


def test_only_the_chosen_types_come_and_each_event_once(world: World, endpoint: Receiver) -> None:
    put(world, endpoint.url, events=["case-refused"])
    happened(world, "case-completed", CASE)
    for _ in range(2):
        happened(world, "case-refused", CASE, "evt_2")
    assert [type_ for type_, _ in told(world, endpoint)] == ["case-refused"]


@pytest.mark.parametrize("type_", sorted(ACCEPTED_BY_CLASS.values()))
def test_a_message_of_any_class_is_told_of_as_accepted(world: World, endpoint: Receiver, type_: str) -> None:
    put(world, endpoint.url, events=[ACCEPTED])
    world.put()
    (sent,) = world.send_all({"address": "li@example.cn", "app": "app-a"})
    assert type_ in types_of("notification")
    happened(world, type_, {"message_id": sent.message_id})
    assert told(world, endpoint) == [(ACCEPTED, {"message_id": sent.message_id})]


def test_a_failing_endpoint_is_tried_again_and_stands_in_the_log(world: World, endpoint: Receiver) -> None:
    endpoint.answer = answer_with(503)
    put(world, endpoint.url)
    happened(world, "case-completed", CASE)
    deliver(world)
    with world.begin() as tx:
        (page,) = list_deliveries(tx, [Call(ListDeliveries(about="case_1"), context("app-a", "list_deliveries"))])
    assert not isinstance(page, AppError)
    (found,) = page.items
    assert (found["state"], found["last_status"], found["last_failure"]) == ("pending", 503, "http-status")


def test_addresses_and_owners_are_checked(world: World) -> None:
    for url in ("http://hooks.example.org/", "https://10.0.0.1/", "https://evil.example/", "https://[::ffff:10.0.0.1]/"):
        with pytest.raises(UrlRefused):
            put(world, url)
    with pytest.raises(OwnerRefused):
        put(world, "https://hooks.example.org/", app="app-b")


def test_an_app_s_own_events_go_to_its_own_queue(world: World) -> None:
    url = "inproc:///telling"
    put(world, OWN_QUEUE)
    put(world, OWN_QUEUE, "app-b")
    happened(world, "case-completed", CASE)
    happened(world, "licence-state-changed", LICENCE, "evt_2")
    queues = AppQueues(url)
    deliver(world, EventSender(HttpSender(TARGETS, timeout_s=5), queues))
    queues.close()
    assert ids_in(url, "app-a") == ["evt_1", "evt_2"]
    assert ids_in(url, "app-b") == ["evt_2"]
    with world.begin() as tx:
        (page,) = list_deliveries(tx, [Call(ListDeliveries(about="case_1"), context("app-a", "list_deliveries"))])
    assert not isinstance(page, AppError)
    assert [found["state"] for found in page.items] == ["delivered"]


@pytest.mark.parametrize("caller", ["operator", "gateway"])
def test_only_an_app_has_events_put_into_its_queue(world: World, caller: str) -> None:
    for app in ({}, {"app": "app-a"}):
        with pytest.raises(UrlRefused) as refused:
            put(world, OWN_QUEUE, caller, **app)
        assert refused.value.details == {"reason": "queue"} and "only an app" in refused.value.message


def ids_in(url: str, app: str) -> list[str]:
    """Event ids of an app's queue, sorted."""
    connection = BrokerConnection(url)
    try:
        messages = iter(lambda: connection.get(app_queue(app)), None)
        return sorted(message.properties["message_id"] for message in messages)
    finally:
        connection.close()


def test_a_change_that_names_another_owner_is_refused(world: World) -> None:
    url = "https://hooks.example.org/"
    for caller, owner in (("app-a", None), ("operator", "app-a"), ("operator", None)):
        hook = put(world, url, caller, app=owner)
        for kept in (None, hook["app"]):
            assert put(world, url, caller, webhook_id=hook["webhook_id"], app=kept)["app"] == hook["app"]
        with pytest.raises(OwnerRefused):
            put(world, url, caller, webhook_id=hook["webhook_id"], app="app-b")


def test_every_published_event_exists_and_names_its_thing() -> None:
    for published in PUBLISHED.values():
        (event,) = [one for one in contract_of(published.source).events if one.type == published.type]
        assert published.about in event.data().fields
    assert len(TYPES) == len(PUBLISHED)
