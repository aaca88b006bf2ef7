"""Consumers and what they use of a contract, and whether a version may be deployed beside them."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared_components.runtime.discovery import service_folder
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
CONTRACT = json.loads((service_folder("payment") / "contract.json").read_text(encoding="utf-8"))
DEFINITION = service_folder("matter") / "definitions" / "driving-licence-renewal.yaml"
ORDER = {"payer_name": "林静", "lines": [{"item_code": "card", "quantity": 1}]}
BOOKS = f"app-books (copy of payment {CONTRACT['version']})"
MESSAGE = {"type": "Asynchronous/Messages"}
Change = Callable[[dict[str, Any]], object]


def interaction(method: str, sent: Any, read: Any, state: str = "the seed") -> dict[str, Any]:
    return {
        "type": "Synchronous/HTTP", "description": f"asks {method}", "providerStates": [{"name": state}],
        "request": {"method": "POST", "path": f"/v1/payment/{method}", "body": {"content": sent}},
        "response": {"status": 200, "body": {"content": read}}}


def pact(consumer: str, *interactions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"consumer": {"name": consumer}, "provider": {"name": "payment"}, "interactions": list(interactions),
            "metadata": {"pactSpecification": {"version": "4.0"}}, **more}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """App-pay pays and reads one field; app-books keeps a copy of the contract; one definition has a step `pay`."""
    folder = tmp_path / "consumers"
    (folder / "app-books").mkdir(parents=True)
    (folder / "app-books" / "payment.json").write_text(json.dumps(CONTRACT))
    told = {**MESSAGE, "description": "order-paid", "contents": {"content": {"order_id": "pay_1"}}}
    (folder / "app-pay-payment.json").write_text(json.dumps(pact(
        "app-pay", interaction("create-order", ORDER, {"order_id": "pay_1"}), told)))
    (folder / "renewal.yaml").write_bytes(DEFINITION.read_bytes())
    return folder


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Change], str]:
    def write(change: Change) -> str:
        contract = json.loads(json.dumps(CONTRACT))
        change(contract)
        contract["version"] = "99.0"
        (tmp_path / "new.json").write_text(json.dumps(contract))
        return str(tmp_path / "new.json")

    return write


def lines(contract: dict[str, Any]) -> dict[str, Any]:
    return dict(contract["methods"]["create_order"]["request"]["properties"]["lines"]["items"])


@pytest.mark.parametrize(("change", "consumers"), [
    (lambda c: c["methods"]["create_order"]["reply"]["properties"].pop("order_id"),
     {"app-pay (app-pay-payment.json)", "matter driving-licence-renewal (renewal.yaml)", BOOKS}),
    (lambda c: c["methods"]["create_order"]["reply"]["properties"].pop("pay_code"),
     {"matter driving-licence-renewal (renewal.yaml)", BOOKS}),
    (lambda c: lines(c)["properties"].pop("quantity"),
     {"app-pay (app-pay-payment.json)", "matter driving-licence-renewal (renewal.yaml)", BOOKS}),
    (lambda c: c["methods"].pop("verify_receipt"), {BOOKS}),
    (lambda c: c["events"]["order-paid.v1"]["data"]["properties"].pop("order_id"),
     {"app-pay (app-pay-payment.json)", BOOKS}),
    (lambda c: c["methods"]["create_order"]["request"]["required"].append("reference"),
     {"app-pay (app-pay-payment.json)", "matter driving-licence-renewal (renewal.yaml)", BOOKS}),
])
def test_a_break_names_the_apps_and_definitions_that_use_the_place(
    zhongtai: Zhongtai, registry: Path, changed: Callable[[Change], str], change: Change, consumers: set[str],
) -> None:
    old = str(service_folder("payment") / "contract.json")
    ran = zhongtai("contracts", "diff", old, changed(change), "--json")
    breaking = [row for row in ran.data if row["breaking"]]
    assert breaking and {name for row in breaking for name in row["consumers"]} == consumers
    shown = zhongtai("contracts", "diff", old, changed(change)).out
    assert all(name in shown for name in consumers)


def test_a_version_may_be_deployed_beside_what_runs_there(zhongtai: Zhongtai, registry: Path) -> None:
    for what in ("app-pay@1.4", "app-books@7", f"payment@{CONTRACT['version']}"):
        assert zhongtai("contracts", "record-deployment", what, "--to", "production").code == 0
    ran = zhongtai("contracts", "can-deploy", f"payment@{CONTRACT['version']}", "--to", "production")
    assert (ran.code, ran.out.strip()) == (0, f"payment@{CONTRACT['version']} may be deployed to production")
    assert zhongtai("contracts", "can-deploy", "app-pay@1.5", "--to", "production").code == 0
    # Recorded again, a participant has the new version alone.
    zhongtai("contracts", "record-deployment", "app-pay@1.5", "--to", "production")
    table = (registry / "deployments.txt").read_text()
    assert "production app-pay 1.5\n" in table and "1.4" not in table


def test_an_app_that_sends_or_reads_what_is_not_there_may_not_be_deployed(zhongtai: Zhongtai, registry: Path) -> None:
    zhongtai("contracts", "record-deployment", f"payment@{CONTRACT['version']}", "--to", "test")
    (registry / "wrong.json").write_text(json.dumps(pact(
        "app-new", interaction("create-order", {**ORDER, "discount": 1}, {"amount": 7}),
        interaction("get-order", {}, {}), interaction("pay-order", {}, {}))))
    ran = zhongtai("contracts", "can-deploy", "app-new@1", "--to", "test", "--json")
    assert ran.code == 1
    assert {row["by"] for row in ran.data} == {
        "method create_order takes no field discount", "method create_order replies without field amount",
        "method get_order requires field order_id, which is not sent", "method pay_order is not offered"}
    # It is not there yet, so the service itself may go.
    assert zhongtai("contracts", "can-deploy", "payment", "--to", "test").code == 0


def test_objections_to_a_service_come_from_apps_that_run_there(registry: Path) -> None:
    from shared_components.contracts.consumers.can_deploy import objections
    from shared_components.contracts.consumers.registry import read_consumers

    contract = json.loads(json.dumps(CONTRACT))
    contract["methods"].pop("create_order")
    consumers = read_consumers(registry)
    said = {one.consumer.split(" (")[0] for one in objections(contract, consumers)}
    assert said == {"app-pay", "app-books", "matter driving-licence-renewal"}
    said = {one.consumer.split(" (")[0] for one in objections(contract, consumers, frozenset({"app-books"}))}
    assert said == {"app-books", "matter driving-licence-renewal"}


@pytest.mark.parametrize(("text", "said"), [
    (lambda text: text.replace("1.4", "1.5"), "checksum does not fit"),
    (lambda text: text.replace("app-pay 1.4", "app-pay"), "line 1 is not"),
    (lambda text: text.rpartition("checksum")[0], "checksum"),
    (lambda text: "", "checksum"),
])
def test_a_table_edited_by_hand_is_found(
    zhongtai: Zhongtai, registry: Path, text: Callable[[str], str], said: str,
) -> None:
    zhongtai("contracts", "record-deployment", "app-pay@1.4", "--to", "production")
    table = registry / "deployments.txt"
    table.write_text(text(table.read_text()))
    for arguments in (("can-deploy", "payment"), ("record-deployment", "app-pay@2")):
        ran = zhongtai("contracts", *arguments, "--to", "production")
        assert (ran.code, ran.err.count("\n")) == (1, 1) and said in ran.err and "deployments.txt" in ran.err


@pytest.mark.parametrize(("arguments", "said"), [
    (("can-deploy", "payment", "--to", "moon"), "nothing is recorded for environment 'moon'; recorded are: production"),
    (("can-deploy", "payment@0.1", "--to", "production"), "not 0.1"),
    (("can-deploy", "app-nobody@1", "--to", "production"), "consumers are: app-books, app-pay"),
    (("record-deployment", "app pay@1", "--to", "production"), "NAME@VERSION"),
    (("record-deployment", "app-pay", "--to", "production"), "NAME@VERSION"),
])
def test_wrong_use_is_one_line(zhongtai: Zhongtai, registry: Path, arguments: tuple[str, ...], said: str) -> None:
    zhongtai("contracts", "record-deployment", "app-pay@1.4", "--to", "production")
    ran = zhongtai("contracts", *arguments)
    assert ran.code in (1, 2) and ran.err.count("\n") == 1 and said in ran.err


@pytest.mark.parametrize(("text", "said"), [
    ("{", "cannot be read"), ("[]", "is no object"), ("{}", "no pact, no contract and no definition"),
    (json.dumps(pact("app-x", metadata={"pactSpecification": {"version": "2.0.0"}})), "version is '2.0.0'; 4.0"),
    (json.dumps({**pact("app-x"), "provider": {}}), "provider.name"),
    (json.dumps(pact("app-x", {"type": "Synchronous/Messages"})), "interaction 1 has type"),
    (json.dumps(pact("app-x", {**interaction("get-order", {}, {}), "request": {"path": "/pay"}})), "asks '/pay'"),
    (json.dumps({"service": "payment", "methods": {}}), "has no version"),
])
def test_a_file_of_a_consumer_that_cannot_be_used_is_one_line(
    zhongtai: Zhongtai, registry: Path, text: str, said: str,
) -> None:
    zhongtai("contracts", "record-deployment", "app-pay@1.4", "--to", "production")
    (registry / "app-x.json").write_text(text)
    ran = zhongtai("contracts", "can-deploy", "payment", "--to", "production")
    assert (ran.code, ran.err.count("\n")) == (1, 1) and said in ran.err and "app-x.json" in ran.err


@pytest.mark.parametrize(("wrong", "said"), [
    (interaction("get-order", {}, {}, state="an order that is gold"), "no provider state 'an order that is gold'"),
    ({**MESSAGE, "description": "order-vanished", "contents": {}}, "has no event 'order-vanished'"),
])
def test_a_state_or_event_that_nobody_knows_is_told_before_anything_starts(
    zhongtai: Zhongtai, tmp_path: Path, wrong: dict[str, Any], said: str,
) -> None:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "app-x.json").write_text(json.dumps(pact("app-x", wrong)))
    ran = zhongtai("contracts", "verify-pacts", "pacts")
    assert (ran.code, ran.err.count("\n")) == (1, 1) and said in ran.err and "app-x.json" in ran.err


def test_a_definition_names_only_methods_that_matter_really_calls() -> None:
    from shared_components.contracts.consumers.definition_uses import CALLED_BY_KIND

    source = (service_folder("matter") / "steps" / "adapters" / "components.py").read_text(encoding="utf-8")
    for target in {target for targets in CALLED_BY_KIND.values() for target in targets}:
        service, _, method = target.partition(".")
        assert f"self._{service}.{method}(" in source, target
