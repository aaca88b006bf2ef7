"""Our own services are consumers of each other: the folder `consumers` says of what, and `can-deploy` goes by it."""
from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shared_components.contracts.consumers.can_deploy import objections
from shared_components.contracts.consumers.deployments import read_deployments, running_in
from shared_components.contracts.consumers.registry import read_consumers
from shared_components.contracts.consumers.uses import fields_of
from shared_components.contracts.store import read_contract
from shared_components.runtime.discovery import service_names
from shared_components.runtime.own_consumers import broken_promises, contracts_here, copies_of, copy_text, write_copies
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
REGISTRY = Path(__file__).parents[2] / "consumers"
TOGETHER = "main"
"""The environment that this checkout makes: all services as they are here."""
WRITTEN_BY = "run `zhongtai contracts export`"
Change = Callable[[dict[str, Any]], object]

BREAKS: list[tuple[str, str, Change, set[str]]] = [
    ("payment", "a field of a reply that matter reads", lambda c: _reply(c, "create_order").pop("order_id"),
     {"matter"}),
    ("payment", "its type", lambda c: _reply(c, "get_order")["state"].update(type="integer"), {"matter"}),
    ("payment", "a field that matter sends", lambda c: _request(c, "refund_order").pop("amount_minor"), {"matter"}),
    ("payment", "a field that is newly required",
     lambda c: c["methods"]["close_order"]["request"]["required"].append("reason"), {"matter"}),
    ("payment", "a caller that is taken back", lambda c: c["methods"]["get_refund"]["callers"].remove("matter"),
     {"matter"}),
    ("payment", "a field of an event", lambda c: c["events"]["order-paid.v1"]["data"]["properties"].pop("order_id"),
     {"matter"}),
    ("notification", "an error that matter handles",
     lambda c: c["methods"]["preview"]["errors"].remove("notification.template-unknown"), {"matter"}),
    ("notification", "a method of two services", lambda c: c["methods"].pop("send"), {"identity", "matter"}),
    ("identity", "a field of the feed", lambda c: c["methods"].pop("read_feed"),
     {"elicence", "gateway", "matter", "notification", "payment"}),
    ("matter", "a field of a case's event",
     lambda c: c["events"]["case-completed.v1"]["data"]["properties"].pop("case_id"), {"notification"}),
    ("elicence", "a method that nobody of ours calls", lambda c: c["methods"].pop("verify"), set()),
    ("payment", "a field that nobody of ours reads", lambda c: _reply(c, "create_order").pop("paid_minor"), set()),
]


def _reply(contract: dict[str, Any], method: str) -> dict[str, Any]:
    return dict_of(contract["methods"][method]["reply"])


def _request(contract: dict[str, Any], method: str) -> dict[str, Any]:
    return dict_of(contract["methods"][method]["request"])


def dict_of(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["properties"]
    return found


@cache
def here() -> dict[str, dict[str, Any]]:
    return contracts_here()


def planted(service: str, change: Change) -> dict[str, Any]:
    contract: dict[str, Any] = json.loads(json.dumps(here()[service]))
    change(contract)
    return contract


@pytest.mark.parametrize("service", service_names())
def test_each_service_may_be_deployed_beside_the_others(zhongtai: Zhongtai, service: str) -> None:
    what = f"{service}@{here()[service]['version']}"
    ran = zhongtai("contracts", "can-deploy", what, "--to", TOGETHER, "--consumers", str(REGISTRY),
                   "--table", str(REGISTRY / "deployments.txt"))
    assert (ran.code, ran.out.strip()) == (0, f"{what} may be deployed to {TOGETHER}")


@pytest.mark.parametrize(("service", "change", "broken"), [(one, change, who) for one, _, change, who in BREAKS],
                         ids=[f"{one}: {what}" for one, what, _, _ in BREAKS])
def test_a_break_of_what_a_service_uses_names_it_and_another_names_none(
    service: str, change: Change, broken: set[str],
) -> None:
    running = frozenset(running_in(read_deployments(REGISTRY / "deployments.txt"), TOGETHER))
    found = objections(planted(service, change), read_consumers(REGISTRY), running)
    assert {one.consumer.split(" (")[0] for one in found} == broken


def test_diff_names_the_services_that_a_change_breaks(zhongtai: Zhongtai, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(here()["payment"]))
    new.write_text(json.dumps(planted("payment", lambda c: _reply(c, "create_order").pop("order_id"))))
    ran = zhongtai("contracts", "diff", str(old), str(new), "--consumers", str(REGISTRY), "--json")
    assert ran.code == 1
    assert {name for row in ran.data if row["breaking"] for name in row["consumers"]} == {
        f"matter (copy of payment {here()['payment']['version']})"}


@pytest.mark.parametrize("consumer", service_names())
def test_the_committed_copies_hold_what_the_code_uses(consumer: str) -> None:
    kept = {path.stem: read_contract(path) for path in (REGISTRY / consumer).glob("*.json")}
    used = copies_of(consumer, here())
    assert {name: _places(copy) for name, copy in kept.items()} == {
        name: _places(json.loads(copy_text(copy))) for name, copy in used.items()}, WRITTEN_BY


def test_what_a_provider_no_longer_promises_is_not_written_away(tmp_path: Path) -> None:
    """A copy written anew would not have the field, and nobody would hear of the break."""
    write_copies(tmp_path, here())
    assert broken_promises(tmp_path, here()) == []
    changed = {**here(), "payment": planted("payment", lambda c: _reply(c, "create_order").pop("order_id"))}
    (found,) = {str(one) for one in broken_promises(tmp_path, changed)}
    assert found.startswith("matter (copy of payment") and "method create_order, reply.order_id" in found


def test_the_table_names_all_services_that_use_each_other_and_none_that_is_gone() -> None:
    """A new service is in it once it is deployed."""
    table = set(running_in(read_deployments(REGISTRY / "deployments.txt"), TOGETHER))
    copies = list(REGISTRY.glob("*/*.json"))
    using = {copy.parent.name for copy in copies} | {copy.stem for copy in copies}
    assert using <= table, "run `zhongtai contracts record-deployment NAME@VERSION --to main`"
    assert table <= set(service_names())


def _places(copy: dict[str, Any]) -> dict[str, set[str]]:
    methods = {name: {f"> {path}" for path in fields_of(method["request"])}
               | {f"< {path}" for path in fields_of(method["reply"])} | set(method["errors"])
               for name, method in copy["methods"].items()}
    return {**methods, **{key: set(fields_of(event["data"])) for key, event in copy["events"].items()}}
