"""A caller is who the broker has verified, or nobody; and an app's tenant is the configured one, whatever it says."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from nameko.standalone.rpc import ClusterRpcProxy

from shared_components.bus.amqp import names
from shared_components.bus.amqp.caller_identity import CallerIdentity
from shared_components.bus.amqp.topology import Subscription
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.deployment.rights import APP, STOCK_APP
from shared_components.bus.errors import CallerUnknown, ContextNotAllowed, RemoteServiceError, TenantUnknown
from shared_components.kernel.calls import Event
from shared_components.kernel.errors import NotFound
from tests.faults import payments
from tests.faults.asking import Ask, RawUser
from tests.faults.deployed import deploy_app, deploy_shipped, start_services, wait_leased
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.world import RETRY_DELAYS_S, World
from tests.integration.edge_harness import EdgeProcess

SETTINGS = {"caller_authentication": "broker", "default_tenant": "default", "app_tenants": {"app-tax": "tax"}}
TAX, POLICE = "app-tax", "app-police"


@pytest.fixture
def identity() -> CallerIdentity:
    return CallerIdentity(SETTINGS)


@pytest.mark.parametrize("user", [None, ""])
@pytest.mark.parametrize("given", [{}, {"caller": "operator"}, {"caller": "gateway", "for_app": "app-tax"}])
def test_without_a_verified_user_there_is_no_caller(identity: CallerIdentity, user: Any, given: dict[str, str]) -> None:
    with pytest.raises(CallerUnknown, match="has no `user_id`"):
        identity.of(user, given)


def test_a_tenant_is_believed_of_services_and_of_no_app(identity: CallerIdentity) -> None:
    assert identity.of("matter", {"tenant": "police", "caller": "operator"}) == ("matter", "police", None, None)
    assert identity.of("matter", {}) == ("matter", "default", None, None)
    assert identity.of("app-tax", {"tenant": "police", "caller": "operator"}) == ("app-tax", "tax", None, "tax")


def test_an_app_without_a_tenant_is_refused_and_not_put_into_the_default_one(identity: CallerIdentity) -> None:
    with pytest.raises(TenantUnknown, match=r"'app-new' has no tenant; the directory or bus\.app_tenants"):
        identity.of("app-new", {"tenant": "tax"})
    unverified = CallerIdentity(SETTINGS | {"caller_authentication": "header"})
    assert unverified.of(None, {"caller": "app-new", "tenant": "tax"}) == ("app-new", "default", None, "default")


def test_a_subject_that_a_service_of_the_version_before_states_counts_for_nothing(identity: CallerIdentity) -> None:
    assert identity.of("matter", {"tenant": "police", "subject": "sub_1"}) == ("matter", "police", None, None)
    with pytest.raises(ContextNotAllowed):
        identity.of("matter", {"for_app": "app-tax", "subject": "sub_1"})


@pytest.mark.parametrize("authentication", ["broker", "header"])
@pytest.mark.parametrize("caller", ["app-tax", "operator", "gateway"])
def test_a_subject_that_a_caller_states_is_refused(authentication: str, caller: str) -> None:
    identity = CallerIdentity(SETTINGS | {"caller_authentication": authentication})
    with pytest.raises(ContextNotAllowed, match=r"context\.subject is stated; a person is proved by context\.token"):
        identity.of(caller, {"subject": "sub_1", "caller": caller})


EVENT = Event(id="evt_1", type="order-paid", source="payment", occurred_at=datetime.now(UTC), aggregate="pay_1",
              tenant="default", data={})  # fmt: skip
WISH = Subscription("matter", "on_paid", "payment", ("order-paid",))


@pytest.mark.parametrize(("user", "exchange"), [("payment", "payment.events"), ("matter", ""), ("operator", "")])
def test_an_event_is_taken_from_its_source_and_again_from_its_handlers_queues(
    identity: CallerIdentity, user: str, exchange: str,
) -> None:  # fmt: skip
    identity.check_event(user, exchange, EVENT, WISH)


@pytest.mark.parametrize(("user", "exchange", "source"), [
    (None, "payment.events", "payment"), (None, "", "payment"), ("", "payment.events", "payment"),
    ("matter", "payment.events", "payment"), ("app-tax", "payment.events", "payment"),
    ("operator", "payment.events", "payment"), ("payment", "", "payment"), ("app-tax", "", "payment"),
    ("notification", "", "payment"), ("payment", "payment.events", "elicence"), ("app-tax", "nameko-rpc", "payment"),
])  # fmt: skip
def test_an_event_of_anybody_else_is_refused(
    identity: CallerIdentity, user: str | None, exchange: str, source: str,
) -> None:  # fmt: skip
    with pytest.raises(CallerUnknown):
        identity.check_event(user, exchange, replace(EVENT, source=source), WISH)


@dataclass
class Deployed:
    world: World
    urls: dict[str, str]
    edge: EdgeProcess

    def stock(self, app: str, **context: Any) -> ClusterRpcProxy:
        """nameko's own client, as an app team has it."""
        return ClusterRpcProxy(
            {"AMQP_URI": self.edge.url_of(self.urls[app])}, context_data=context, timeout=10)


@pytest.fixture
def deployed(lab: Lab) -> Iterator[Deployed]:
    with lab.world("verified-callers", "identity", "payment") as world:
        urls = deploy_shipped(lab, world)
        urls |= {app: deploy_app(lab, world, app, like=STOCK_APP) for app in (TAX, POLICE)}
        tenants = {TAX: "tax", POLICE: "police", APP: "tax"}
        start_services(world, urls, names=["identity", "payment"], app_tenants=tenants)
        wait_leased(world, "payment")
        for tenant in ("tax", "police"):
            payments.prepare(world.client(urls["operator"], tenant=tenant))
        yield Deployed(world, urls, world.keep(EdgeProcess(world.folder, world.broker_url)))


@pytest.mark.integration
def test_stock_apps_of_two_departments_see_nothing_of_each_other(deployed: Deployed) -> None:
    lines = [{"item_code": payments.FEE_ITEM["item_code"], "quantity": 1}]
    with deployed.stock(TAX) as tax:
        order = tax.payment.create_order(payer_name="测试人", lines=lines)
        assert tax.payment.get_order(order_id=order["order_id"])["state"] == "created"
    with deployed.stock(POLICE, tenant="tax", caller="operator") as police:
        for method in ("get_order", "close_order"):
            with pytest.raises(RemoteServiceError, match=r"payment\.order-unknown"):
                getattr(police.payment, method)(order_id=order["order_id"])
        own = police.payment.create_order(payer_name="测试人", lines=lines)
    rows = deployed.world.rows("payment", "SELECT order_id, tenant_id, state FROM orders")
    assert {tuple(row) for row in rows} == {
        (order["order_id"], "tax", "created"), (own["order_id"], "police", "created")}
    client = deployed.world.client(deployed.edge.url_of(deployed.urls[POLICE]), tenant="tax")
    with pytest.raises(NotFound):
        client.payment.get_order(order_id=order["order_id"])


@pytest.mark.integration
def test_what_comes_without_a_user_is_refused_whatever_its_exchange_and_key(deployed: Deployed) -> None:
    payment, app = deployed.urls["payment"], deployed.urls[APP]
    with RawUser(app) as raw:
        raw.ask_plainly("payment", Ask("plain", "list_fee_items", {}), user_id=False)
        raw.ask("payment", [Ask("listed", "list_fee_items", {})], user_id=False)
        assert {key: reply["error"]["code"] for key, reply in raw.replies.items()} == dict.fromkeys(
            ("plain", "listed"), CallerUnknown.code)
    event = {"id": "evt_1", "type": "refund-requested", "source": "payment", "occurred_at": "2026-01-01T00:00:00+00:00",
             "aggregate": "pay_1", "tenant": "tax", "data": {"refund_id": "ref_1"}}  # fmt: skip
    queue = names.event_queue("payment", "make_refund")
    with RawUser(payment) as raw:
        for key, exchange in (("refund-requested", "payment.events"), (queue, "")):
            raw.publish(orjson.dumps(event), key, exchange, content_type=names.EVENT_CONTENT_TYPE)
        raw.settle()
    wait_for(lambda: deployed.world.depth(names.dead_queue("payment")) == 2, 10)
    assert [letter.reason for letter in deployed.world.dead("payment")] == [CallerUnknown.code] * 2


@pytest.mark.integration
def test_a_stock_app_that_reaches_the_broker_itself_is_told_to_use_the_proxy(deployed: Deployed) -> None:
    """It may not declare the exchange: the proxy makes that a question."""
    from amqp.exceptions import AccessRefused

    with pytest.raises(AccessRefused, match="nameko-rpc"), ClusterRpcProxy(
            {"AMQP_URI": deployed.urls[TAX]}, timeout=5) as rpc:  # fmt: skip
        rpc.payment.list_fee_items()


@pytest.mark.integration
def test_a_dead_letter_that_another_service_has_put_there_is_not_sent_again(deployed: Deployed) -> None:
    """As the operator's message its handler would believe it."""
    queue = names.event_queue("payment", "make_refund")
    forged = {"id": "evt_1", "type": "refund-requested", "source": "payment", "aggregate": "pay_1", "tenant": "tax",
              "occurred_at": "2026-01-01T00:00:00+00:00", "data": {"refund_id": "ref_1"}}  # fmt: skip
    for number, user in enumerate(("notification", "payment")):
        with RawUser(deployed.urls[user]) as raw:
            # By the default exchange: to the exchange of dead letters each service sends its own alone.
            raw.publish(orjson.dumps(forged), "dead.payment", "", content_type=names.EVENT_CONTENT_TYPE,
                        user_id=user, message_id=f"msg_{number}", application_headers={
                            "x-exchange": "", "x-routing-key": queue, "x-reason": "internal",
                            names.SENDER_HEADER: "payment"})  # fmt: skip
            raw.settle()
    wait_for(lambda: deployed.world.depth(names.dead_queue("payment")) == 2, 10)
    with BrokerView(deployed.urls["operator"]) as view:
        outcomes = {one.letter.message_id: one.refused for one in view.redrive("payment")}
    said = "it was put there by user 'notification', who is neither 'payment' nor its event's source"
    assert outcomes == {"msg_0": said, "msg_1": ""}


@pytest.mark.integration
def test_what_a_service_has_buried_of_a_stranger_is_not_sent_again_either(deployed: Deployed) -> None:
    """The letter is the service's own message then; whose content it has, it tells."""
    handler, calls = names.event_queue("payment", "make_refund"), names.rpc_queue("payment")
    retry = names.retry_queue("payment", "make_refund", RETRY_DELAYS_S[0])
    forged = {"type": "refund-requested", "source": "payment", "aggregate": "pay_1", "tenant": "tax",
              "occurred_at": "2026-01-01T00:00:00+00:00", "data": {"refund_id": "ref_1"}}  # fmt: skip
    ways: dict[str, tuple[str, dict[str, Any]]] = {
        "to its queue": (handler, {}), "by its retries": (retry, {}),
        "as a call too": (handler, {"CC": [calls]}),
        "as a stated sender's": (handler, {names.SENDER_HEADER: "payment"}),
    }  # fmt: skip
    with RawUser(deployed.urls["notification"]) as raw:
        for number, (way, (key, headers)) in enumerate(ways.items()):
            for stated in ({"user_id": "notification"}, {}):
                body = orjson.dumps({**forged, "id": f"evt_{number}_{len(stated)}"})
                raw.publish(body, key, "", content_type=names.EVENT_CONTENT_TYPE, message_id=way,
                            application_headers=headers, **stated)  # fmt: skip
        raw.settle()
    letters = 2 * len(ways) + 2
    wait_for(lambda: deployed.world.depth(names.dead_queue("payment")) == letters, 10)
    with BrokerView(deployed.urls["operator"]) as view:
        outcomes = [one.refused for one in view.redrive("payment")]
    stranger = "it was put there by user 'notification', who is neither 'payment' nor its event's source"
    assert sorted(outcomes) == [stranger] * (letters // 2) + ["nobody says who has sent it"] * (letters // 2)


@pytest.mark.integration
def test_an_event_that_its_source_has_sent_is_sent_again_however_often_it_fails(deployed: Deployed) -> None:
    event = {"id": "evt_1", "type": "refund-requested", "source": "payment", "aggregate": "pay_1", "tenant": "tax",
             "occurred_at": "2026-01-01T00:00:00+00:00", "data": "no object"}  # fmt: skip
    with RawUser(deployed.urls["payment"]) as raw:
        raw.publish(orjson.dumps(event), "refund-requested", "payment.events", user_id="payment", message_id="evt_1",
                    content_type=names.EVENT_CONTENT_TYPE)  # fmt: skip
        raw.settle()
    for _ in range(3):
        wait_for(lambda: deployed.world.depth(names.dead_queue("payment")) == 1, 10)
        with BrokerView(deployed.urls["operator"]) as view:
            assert [one.refused for one in view.redrive("payment")] == [""]
