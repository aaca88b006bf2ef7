from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared_components.contracts import service_contract
from shared_components.contracts.diff import compare, refused, version_of
from shared_components.contracts.export import export_contract
from shared_components.contracts.json_schema import ContractInvalid
from tests.unit.contracts.example import TicketService

Change = Callable[[dict[str, Any]], Any]
OLD = export_contract(service_contract(TicketService))


def changed(change: Change) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    change(new)
    return new


def take(contract: dict[str, Any]) -> dict[str, Any]:
    return contract["methods"]["take"]  # type: ignore[no-any-return]


def request(contract: dict[str, Any]) -> dict[str, Any]:
    return take(contract)["request"]["properties"]  # type: ignore[no-any-return]


def reply(contract: dict[str, Any]) -> dict[str, Any]:
    return take(contract)["reply"]["properties"]  # type: ignore[no-any-return]


BREAKING: dict[str, tuple[Change, str]] = {
    "service renamed": (lambda c: c.update(service="tickets"), "service"),
    "method removed": (lambda c: c["methods"].pop("take"), "method take"),
    "caller removed": (lambda c: take(c)["callers"].remove("app"), "method take, callers"),
    "error removed": (lambda c: take(c)["errors"].clear(), "method take, errors"),
    "no longer public": (lambda c: take(c).update(public=False), "method take, public"),
    "no longer idempotent": (lambda c: take(c).update(mutating=False), "method take, mutating"),
    "error of another category": (
        lambda c: c["errors"]["ticket.taken"].update(category="forbidden"), "error ticket.taken, category"),
    "error of another status": (
        lambda c: c["errors"]["ticket.taken"].update(http_status=412), "error ticket.taken, http_status"),
    "event removed": (lambda c: c["events"].clear(), "event ticket-taken.v1"),
    "event field removed": (
        lambda c: c["events"]["ticket-taken.v1"]["data"]["properties"].pop("ticket_id"),
        "event ticket-taken.v1, data.ticket_id"),
    "new required input": (
        lambda c: (request(c).update(new={"type": "string"}), take(c)["request"]["required"].append("new")),
        "method take, request.new"),
    "input becomes required": (
        lambda c: take(c)["request"]["required"].append("kind"), "method take, request.kind"),
    "input field removed": (lambda c: request(c).pop("kind"), "method take, request.kind"),
    "input retyped": (lambda c: request(c)["name"].update(type="integer"), "method take, request.name type"),
    "input enum narrowed": (lambda c: request(c)["kind"]["enum"].remove("week"), "method take, request.kind enum"),
    "input enum added": (lambda c: request(c)["name"].update(enum=["x"]), "method take, request.name enum"),
    "input maximum lowered": (
        lambda c: request(c)["count"].update(maximum=8), "method take, request.count maximum"),
    "input minimum raised": (
        lambda c: request(c)["count"].update(exclusiveMinimum=1), "method take, request.count exclusiveMinimum"),
    "input shortened": (
        lambda c: request(c)["name"].update(maxLength=10), "method take, request.name maxLength"),
    "input list shortened": (
        lambda c: request(c)["lines"].update(maxItems=2), "method take, request.lines maxItems"),
    "input pattern added": (lambda c: request(c)["name"].update(pattern="^a"), "method take, request.name pattern"),
    "input format added": (lambda c: request(c)["name"].update(format="email"), "method take, request.name format"),
    "input inside a list narrowed": (
        lambda c: request(c)["lines"]["items"]["properties"]["item_code"].update(maxLength=5),
        "method take, request.lines[].item_code maxLength"),
    "output removed": (lambda c: reply(c).pop("valid_on"), "method take, reply.valid_on"),
    "output retyped": (lambda c: reply(c)["ticket_id"].update(type="integer"), "method take, reply.ticket_id type"),
    "output may be null": (
        lambda c: reply(c)["ticket_id"].update(type=["string", "null"]), "method take, reply.ticket_id type"),
    "output no longer sure": (
        lambda c: take(c)["reply"].pop("required"), "method take, reply.ticket_id"),
    "output format changed": (
        lambda c: reply(c)["valid_on"].update(format="date-time"), "method take, reply.valid_on format"),
    "output inside removed": (
        lambda c: reply(c)["owner"]["properties"].pop("item_code"), "method take, reply.owner.item_code"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_found_where_it_is(name: str) -> None:
    change, where = BREAKING[name]
    found = [finding for finding in compare(OLD, changed(change)) if finding.breaking]
    assert where in [finding.where for finding in found]
    for finding in found:
        assert finding.was != finding.now
        assert str(finding) == f"{finding.where}: was {finding.was}, is {finding.now}; breaks: {finding.why}"


HARMLESS: dict[str, Change] = {
    "nothing": lambda c: None,
    "method added": lambda c: c["methods"].update(give=take(c)),
    "caller added": lambda c: take(c)["callers"].append("matter"),
    "error added": lambda c: take(c)["errors"].append("ticket.gone"),
    "event added": lambda c: c["events"].update({"x.v2": c["events"]["ticket-taken.v1"]}),
    "event field added": lambda c: c["events"]["ticket-taken.v1"]["data"]["properties"].update(x={}),
    "consumes something": lambda c: c["consumes"].append("payment.order-closed"),
    "optional input added": lambda c: request(c).update(x={"type": "string"}),
    "input no longer required": lambda c: take(c)["request"].pop("required"),
    "input enum widened": lambda c: request(c)["kind"]["enum"].append("month"),
    "input limits widened": lambda c: request(c)["count"].update(maximum=99, exclusiveMinimum=-1),
    "input limits removed": lambda c: request(c)["count"].pop("maximum"),
    "input may be null": lambda c: request(c)["name"].update(type=["string", "null"]),
    "input of more types": lambda c: request(c)["count"].update(type="number"),
    "output added": lambda c: reply(c).update(x={"type": "string"}),
    "output becomes sure": lambda c: take(c)["reply"]["required"].append("valid_on"),
    "output never null": lambda c: reply(c)["valid_on"].update(type="string"),
    "output enum appears": lambda c: reply(c)["ticket_id"].update(enum=["a"]),
    "words": lambda c: (take(c).update(summary="x"), reply(c)["ticket_id"].update(description="y")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_passes(name: str) -> None:
    new = changed(HARMLESS[name])
    assert [finding for finding in compare(OLD, new) if finding.breaking] == []
    assert refused(OLD, new) == []


def test_a_widened_enum_of_an_output_breaks_its_readers() -> None:
    old = changed(lambda c: reply(c)["ticket_id"].update(enum=["a"]))
    wider = changed(lambda c: reply(c)["ticket_id"].update(enum=["a", "b"]))
    assert [finding.where for finding in refused(old, wider)] == ["method take, reply.ticket_id enum"]
    assert [finding.where for finding in refused(old, OLD)] == ["method take, reply.ticket_id enum"]


def test_a_method_that_comes_to_need_an_operation_id_breaks_those_who_send_none() -> None:
    reading = changed(lambda c: take(c).update(mutating=False))
    assert [finding.where for finding in refused(reading, OLD)] == ["method take, mutating"]


def broken(version: str) -> dict[str, Any]:
    return changed(lambda c: c.update(version=version, methods={}))


def test_a_break_is_refused_until_the_version_has_a_new_major() -> None:
    assert refused(OLD, broken("1.2"))
    assert refused(OLD, broken("1.3"))
    assert refused(OLD, broken("2.0")) == []


def test_major_0_promises_nothing_yet() -> None:
    assert refused(changed(lambda c: c.update(version="0.1")), broken("0.2")) == []


def test_a_version_never_goes_back() -> None:
    assert [finding.where for finding in refused(OLD, broken("1.1"))] == ["version"]


def test_versions_compare_as_numbers() -> None:
    assert version_of({"version": "1.10"}) > version_of({"version": "1.9"})
    with pytest.raises(ContractInvalid, match="'one'"):
        version_of({"version": "one"})
