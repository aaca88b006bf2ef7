"""Two apps of one department: the second calls every public method with every id of the first one's things.

Arguments: broker URL, database URL, folder. Prints what was seen as a line of JSON.
"""
from __future__ import annotations

from tests.unit.matter.bus_story import World, wait  # isort: skip  -- patches the process

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from amqp.exceptions import NotFound

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.matter.publishing.adapters.shipped import seed
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.names import app_queue
from shared_components.bus.client.blocking import BusClient
from shared_components.configuration.loading import load_configuration
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import contract_of, service_names
from shared_components.webhooks.webhook import OWN_QUEUE
from tests.cases.apps_made import MAKES
from tests.cases.definitions import a_definition, as_yaml, callback_step

PERSON, ORDER = "330106199003070014", {"payer_name": "林静", "lines": [{"item_code": "driving-licence-card"}]}
GATEWAY = "gateway"
Ids = dict[str, list[str]]


class Apps:
    """over_http: the gateway passes its call on; else it comes to the bus itself."""

    def __init__(self, world: World, broker_url: str) -> None:
        self.first = world.gateway.with_context(None, for_app="app-a")
        self.second = world.gateway.with_context(None, for_app="app-b")
        self._direct = BusClient(broker_url, caller="app-b", tenant="default")
        self.second_on_the_bus = self._direct.with_context(None)


def own_things(world: World, app: Any) -> Ids:
    """One of each that an app can have; the values by the names of the requests' fields."""
    operator, subject = world.operator, world.person(PERSON)
    hook = app.payment.put_webhook(url="https://a.example.org/hook")
    case = app.matter.start_case(
        matter_code="driving-licence-renewal", applicant_subject=subject, form=seed()["example"]["form"])["case_id"]
    draft = app.matter.start_case(
        matter_code="driving-licence-renewal", applicant_subject=subject, form={"delivery": "electronic"})["case_id"]
    app.matter.submit_case(case_id=case)
    operator.matter.publish_definition(allow_missing=True, definition_yaml=as_yaml(a_definition(
        form={"type": "object", "properties": {}}, steps=[callback_step("medical")],
        materials=[{"material": "lease", "title": {"zh": "合同", "en": "Lease"}, "types": ["application/pdf"]}],
        documents={"mark": "示许", "kinds": ["receipt"]})))
    with_file = app.matter.start_case(matter_code="small-matter", applicant_subject=subject, form={})["case_id"]
    material = app.matter.request_upload(
        case_id=with_file, material="lease", media_type="application/pdf", size=1)["material_id"]
    received = app.matter.start_case(matter_code="small-matter", applicant_subject=subject, form={})["case_id"]
    app.matter.submit_case(case_id=received)
    (document,) = app.matter.list_documents(case_id=received)["items"]
    paid = app.payment.create_order(**ORDER, payer_subject=subject, reference="ref-of-a")["order_id"]
    page = app.payment.start_payment(order_id=paid, channel="sandbox")["pay_url"]
    import httpx

    assert httpx.post(page, data={"action": "confirm"}).status_code == 303
    wait(lambda: app.payment.get_order(order_id=paid)["state"] == "paid", "paid")
    open_order = app.payment.create_order(**ORDER, reference="ref-of-a")["order_id"]
    wait(lambda: app.payment.list_receipts(order_id=paid)["items"], "a receipt")
    receipt = app.payment.list_receipts(order_id=paid)["items"][0]["receipt_id"]
    refund = app.payment.refund_order(
        order_id=paid, amount_minor=1, refund_available_minor=1000, reason="多缴")["refund_id"]
    wait(lambda: app.payment.list_deliveries()["items"], "a delivery")
    delivery = app.payment.list_deliveries()["items"][0]["delivery_id"]
    wait(lambda: of_pay(app, case).get("order_id"), "the case's order")
    app.notification.put_template(template_code="secret-of-a", channel="inbox", subject="甲", body="甲的模板 ((x))")
    told = app.notification.put_webhook(url="https://a.example.org/told")["webhook_id"]
    key = app.notification.create_notify_key(name="a", kind="test")["key_id"]
    app.notification.put_template(template_code="mail-of-a", channel="email", subject="甲", body="甲的模板 ((x))")
    (mail,) = [one for one in app.notification.list_notify_templates()["items"] if one["name"] == "mail-of-a"]
    template = mail["template_id"]
    mailed = app.notification.send_by_notify(
        key_id=key, template_id=template, channel="email", address="a@example.cn", values={"x": "words-of-a"},
        reference="ref-of-a")["message_id"]
    job = app.notification.create_job(template_code="mail-of-a", channel="email", size=9)["job"]["job_id"]
    message = app.notification.send(
        template_code="secret-of-a", channel="inbox", recipient_subject=subject, values={"x": "words-of-a"},
        reference="ref-of-a")["message_id"]
    wait(lambda: app.notification.list(reference=case)["items"], "the case's notice")
    notice = app.notification.list(reference=case)["items"][0]["message_id"]
    wait(lambda: app.notification.list_deliveries()["items"], "a delivery about a message")
    telling = app.notification.list_deliveries()["items"][0]["delivery_id"]
    assert operator.payment.get_order(order_id=open_order)
    return {
        "order_id": [paid, open_order, of_pay(app, case)["order_id"]], "receipt_id": [receipt], "refund_id": [refund],
        "webhook_id": [hook["webhook_id"], told], "delivery_id": [delivery, telling],
        "about": [message], "case_id": [case, draft, with_file, received],
        "material_id": [material], "document_id": [document["document_id"]],
        "message_id": [message, notice, mailed], "key_id": [key], "template_id": [template],
        "job_id": [job],
        "reference": ["ref-of-a", case], "template_code": ["secret-of-a"],
        "recipient_subject": [subject], "applicant_subject": [subject], "payer_subject": [subject],
        "app": ["app-a"],
    }


def of_pay(app: Any, case_id: str) -> dict[str, Any]:
    result: dict[str, Any] = next(
        step for step in app.matter.get_case(case_id=case_id)["steps"] if step["step"] == "pay")["result"]
    return result


# What a request needs beside its ids.
MORE: Mapping[str, dict[str, Any]] = {
    "identity.change_app": {"title": "x", "scopes": ["*"]},
    "identity.issue_app_key": {"environment": "sandbox"},
    "identity.revoke_app_key": {"key_id": "key_x"},
    "matter.choose_channel": {"step": "pay", "channel": "sandbox"},
    "matter.save_form": {"form": {"delivery": "electronic"}},
    "matter.rate_case": {"level": 5},
    "matter.request_upload": {"material": "lease", "media_type": "application/pdf", "size": 1},
    "matter.reuse_material": {"case_id": "case_x", "material": "lease", "material_id": "mat_x"},
    "payment.start_payment": {"channel": "sandbox"},
    "payment.refund_order": {"amount_minor": 1, "refund_available_minor": 999, "reason": "x"},
    "notification.get_template": {"channel": "inbox", "app": "app-a"},
    "notification.approve_template": {"channel": "inbox", "version": 1, "app": "app-a"},
    "notification.put_webhook": {"url": "https://b.example.org/hook"},
    "payment.put_webhook": {"url": "https://b.example.org/hook"},
    "notification.preview": {"channel": "inbox", "values": {}},
    "notification.preview_notify_template": {"values": {"x": "y"}},
    "notification.send_by_notify": {
        "key_id": "nky_x", "template_id": "tpl_x", "channel": "email", "address": "b@example.cn", "values": {"x": "y"}},
    "notification.send": {
        "template_code": "secret-of-a", "channel": "inbox", "recipient_subject": "sub_x", "values": {"x": "y"}},
}
# What an app without a person is refused before anything is looked up, so it learns nothing of what is there.
# An officer approves for all apps of the department (test_approval.py).
NEEDS_A_PERSON = {"notification.approve_template": "forbidden/notification.approver-not-allowed"}


def public_methods() -> dict[str, ServiceContract]:
    contracts = [contract_of(name) for name in service_names() if name != GATEWAY]
    return {
        f"{contract.service}.{name}": contract for contract in contracts
        for name, method in contract.methods.items() if method.public or "app" in method.callers}


def requests(target: str, contract: ServiceContract, ids: Ids) -> list[dict[str, Any]]:
    """Each id of the first app's, in each field of its kind; and none, for a list."""
    method = contract.methods[target.partition(".")[2]]
    fields = method.request().fields
    more = MORE.get(target, {})
    # Elsewhere `app` says for whom a service works; in the directory it is the app that is meant. Keys are Notify's.
    of_service = {"app": "identity", "key_id": "notification"}
    named = [name for name in fields if name in ids and of_service.get(name, contract.service) == contract.service]
    found = [{**more, name: value} for name in named for value in ids[name]]
    return found + ([dict(more)] if not any(field.required for field in fields.values()) else [])


def outcome(call: Callable[..., Any], request: dict[str, Any]) -> str:
    try:
        return json.dumps(call(**request), ensure_ascii=False)
    except AppError as error:
        return f"{error.category}/{error.code}"


def cross(app: Any, owned: list[str], ids: Ids) -> tuple[list[str], list[str]]:
    """(what was tried, what came through) of methods whose rows are an app's own."""
    secrets = {f'"{value}"' for name, values in ids.items() if "subject" not in name for value in values}
    secrets |= {"words-of-a", "甲的模板"}
    tried, through = [], []
    for target, contract in public_methods().items():
        if target not in owned or target in MAKES:
            continue
        service, _, name = target.partition(".")
        for request in requests(target, contract, ids):
            answer = outcome(getattr(getattr(app, service), name), request)
            tried.append(target)
            # A list is empty; an app that names nothing hears what it must name.
            harmless = ("not-found/", "{") if request else ("invalid-input/", "{")
            refused = answer == NEEDS_A_PERSON.get(target)
            if not (refused or answer.startswith(harmless)) or any(secret in answer for secret in secrets):
                through.append(f"{target} {sorted(request)}: {answer[:200]}")
    return tried, through


def snapshot(app: Any, ids: Ids) -> dict[str, Any]:
    """Give the first app's view of its own things, without fields that change with time."""
    return {
        "orders": [app.payment.get_order(order_id=each)["state"] for each in ids["order_id"][1:]],
        "refunds": [app.payment.get_refund(refund_id=each)["amount_minor"] for each in ids["refund_id"]],
        "receipts": [app.payment.get_receipt(receipt_id=each)["amount_minor"] for each in ids["receipt_id"]],
        "webhooks": app.payment.list_webhooks()["items"][0]["url"],
        "cases": [app.matter.get_case(case_id=each)["state"] for each in ids["case_id"]],
        "form": sorted(app.matter.get_case(case_id=ids["case_id"][1])["form"]),
        "messages": [app.notification.get(message_id=each)["read_at"] for each in ids["message_id"]],
        "jobs": [app.notification.get_job(job_id=each)["job"]["state"] for each in ids["job_id"]],
        "templates": [t["body"] for t in app.notification.list_templates(limit=100)["items"] if t["app"] == "app-a"],
        "directory": [app.identity.get_app(app="app-a")[key] for key in ("state", "production", "title")],
        "inbox": "words-of-a" in json.dumps(app.notification.inbox(recipient_subject=ids["recipient_subject"][0])),
    }


def put_in_directory(world: World, broker_url: str, database_url: str, folder: Path) -> str:
    """Both apps in one department, which owns the realm's population; gives its id."""
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    transactions = IdentityTransactions(load_configuration(folder / "zhongtai.yaml", environ=urls), None)
    with transactions.begin() as tx:
        department = create_realm(tx, CreateRealm("default", "示范市", "数据局"), transactions.context).department_id
    transactions.close()
    assert department is not None
    for app in ("app-a", "app-b"):
        world.operator.identity.register_app(app=app, title=app, department_id=department)
    return department


def presentations(world: World, apps: Apps) -> list[str]:
    licence = world._licences[world.person(PERSON)]
    seen = []
    for client in (apps.second_on_the_bus, apps.second, apps.first):
        code = apps.first.elicence.present(
            licence_id=licence["licence_id"], holder_subject=licence["holder_subject"], purpose="住宿登记",
            verifier="app-a")["code"]
        seen.append(client.elicence.verify(code=code, purpose="住宿登记")["valid"])
    return seen


def operations(apps: Apps) -> list[Any]:
    """The same operation id of two apps."""
    first, again = [apps.first.payment.create_order(**ORDER, op_id="once")["order_id"] for _ in range(2)]
    second, direct = [
        client.payment.create_order(**ORDER, op_id="once")["order_id"]
        for client in (apps.second, apps.second_on_the_bus)]
    return [first == again, first != second, second == direct]


def hear_by_queue(apps: Apps) -> None:
    for app in (apps.first, apps.second):
        for service in (app.payment, app.notification):
            service.put_webhook(url=OWN_QUEUE)


def types_heard(broker_url: str, app: str) -> list[str]:
    """Types of the events in an app's queue, sorted."""
    connection = BrokerConnection(broker_url)
    try:
        messages = iter(lambda: connection.get(app_queue(app)), None)
        return sorted({message.properties["type"] for message in messages})
    except NotFound:
        return []
    finally:
        connection.close()


def main(broker_url: str, database_url: str, folder: str, owned: str) -> None:
    with ExitStack() as stack:
        world = World(stack, broker_url, database_url, Path(folder))
        world.operator.payment.put_receipt_range(
            collecting_unit=seed()["fee_items"][0]["collecting_unit"], bill_code="33010025", first_number=1,
            last_number=100)
        apps = Apps(world, broker_url)
        put_in_directory(world, broker_url, database_url, Path(folder))
        hear_by_queue(apps)
        ids = own_things(world, apps.first)
        before = snapshot(apps.first, ids)
        tried, through = [], []
        for client in (apps.second, apps.second_on_the_bus):
            one, more = cross(client, owned.split(","), ids)
            tried += one
            through += more
        seen = {
            "methods": sorted(public_methods()), "tried": sorted(set(tried)), "requests": len(tried),
            "through": through, "unchanged": before == snapshot(apps.first, ids), "before": before,
            "heard": {app: types_heard(broker_url, app) for app in ("app-a", "app-b")},
            "presentations": presentations(world, apps), "operations": operations(apps),
        }
        world.host.stop(15)
    sys.stdout.write(json.dumps(seen, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
