"""Rows that leave their owner are recorded before the reply, whatever the transaction; refusals are merged."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields
from sqlalchemy import select

from shared_components.bus.server import refusal_records, use_records
from shared_components.bus.server.refusal_records import MINUTE_S, write_refusals
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.bus.server.transactions import Transactions
from shared_components.contracts import Message, MethodContract
from shared_components.db import ALL_TENANTS, Database, tables
from shared_components.evidence_log import tables as evidence
from shared_components.evidence_log.records import EvidenceRecord
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, Internal, NotFound
from shared_components.kernel.method_rules import MethodRule
from shared_components.observability.metrics import METRICS
from shared_components.security.authority import Facts, Sealed
from shared_components.security.authority.disclosures import note_use
from shared_components.security.authority.opening import open_asked
from tests.acting import citizen
from tests.elsewhere import PORTAL, STRANGE, known_copies
from tests.unit.bus.test_rpc_batch import Provider

RULE = MethodRule(
    frozenset({"own", "holder", "agreement", "platform"}), "order", frozenset({"payer"}), discloses=True)
ROWS = {"ord_1": "sub_1", "ord_2": "sub_2"}


class Ask(Message):
    order_id = fields.String(required=True)


class Order(Message):
    order_id = fields.String()
    payer = fields.String(allow_none=True)


class Orders(Message):
    items = fields.List(fields.Dict())


class Shop:
    """Keeps orders of the tax department."""

    name = "shop"
    keeps_evidence = True

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions

    def look(self, _tx: object, call: Call) -> Any:
        order_id, context = call.data["order_id"], call.context
        if order_id == "by code":
            note_use(context, "public", owner="tax", thing="ord_1", fields=["payer"], cause="住宿")
            return {"order_id": "ord_1", "payer": "林静"}
        sealed = [Sealed(Facts("tax", {"payer": payer}, thing=key), partial(str, key)) for key, payer in ROWS.items()]
        if order_id == "all":
            opened = [one for row in sealed if (one := open_asked(context, row)) is not None]
            return {"items": [{"order_id": one} for one in opened[:1]]}
        row = next((one for one in sealed if one.facts.thing == order_id), None)
        if open_asked(context, row) is None:
            raise NotFound("no such order")
        if context.purpose == "fails":
            raise NotFound("it fails after the row was opened")
        return {"order_id": order_id, "payer": None}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(f"sqlite:///{tmp_path}/shop.db", "shop")
    with database.engine.begin() as connection:
        tables.platform.create_all(connection)
        evidence.records.metadata.create_all(connection)
    provider = Provider(database, tmp_path)
    with known_copies():
        yield Shop(Transactions(provider))  # type: ignore[arg-type]
    database.dispose()


def contract(**changes: Any) -> MethodContract:
    given: dict[str, Any] = {
        "name": "look", "request": Ask, "reply": Order, "callers": ("app", "operator", "matter"), "rule": RULE}
    return MethodContract(**{**given, **changes})


def ask(shop: Shop, *asked: tuple[str, CallContext], **changes: Any) -> list[Any]:
    method = contract(**changes)
    requests = [
        Request({"order_id": order_id}, context._replace(op_id=f"op-{number}", rule=method.rule))
        for number, (order_id, context) in enumerate(asked)]
    return [request.outcome for request in run_calls(shop, method, _handler(method), requests)]


def _handler(method: MethodContract) -> Callable[..., Any]:
    if not method.bulk:
        return Shop.look

    def many(shop: Shop, tx: object, calls: Sequence[Call]) -> list[Any]:
        return [_attempt(shop, tx, call) for call in calls]

    return many


def _attempt(shop: Shop, tx: object, call: Call) -> Any:
    try:
        return shop.look(tx, call)
    except AppError as error:
        return error


def records(shop: Shop) -> list[EvidenceRecord]:
    with shop.transactions.provider.database.reading(ALL_TENANTS) as session:
        return [EvidenceRecord.of(bytes(body)) for body in session.execute(
            select(evidence.records.c.body).order_by(evidence.records.c.record_id)).scalars()]


def at(app: str, subject: str | None = "sub_1", tenant: str = "elsewhere", **more: Any) -> CallContext:
    return CallContext(app, tenant, department=tenant, acting=citizen(subject), **more)


OPERATOR = CallContext("operator", "tax")
MODES: dict[str, dict[str, Any]] = {
    "reading": {}, "reading, bulk": {"bulk": True}, "mutating": {"mutating": True},
    "mutating, bulk": {"mutating": True, "bulk": True}, "own": {"own_transactions": True},
    "own, mutating": {"own_transactions": True, "mutating": True},
}


@pytest.mark.parametrize("mode", MODES)
def test_a_row_that_leaves_its_owner_is_recorded_whatever_the_transaction(shop: Shop, mode: str) -> None:
    (reply,) = ask(shop, ("ord_1", at(PORTAL)), **MODES[mode])
    assert reply == {"order_id": "ord_1", "payer": None}
    (record,) = records(shop)
    assert (record.owner, record.action, record.about, record.basis, list(record.fields)) == (
        "tax", "look.used", "ord_1", "holder", ["order_id"])
    assert record.by["acting"]["subject"] == "sub_1" and record.by["caller"] == PORTAL


@pytest.mark.parametrize("mode", MODES)
def test_what_stays_with_its_owner_or_fails_leaves_no_record(shop: Shop, mode: str) -> None:
    ask(shop, ("ord_1", at("app-tax", tenant="tax")), ("ord_1", at("app-tax", None, "tax")),
        ("ord_1", CallContext("matter", "tax")), ("ord_1", at(PORTAL, purpose="fails")), **MODES[mode])
    assert records(shop) == []


@pytest.mark.parametrize("mode", MODES)
def test_what_an_operator_reads_is_recorded(shop: Shop, mode: str) -> None:
    ask(shop, ("ord_1", OPERATOR), **MODES[mode])
    assert [(one.owner, one.basis, one.by["caller"]) for one in records(shop)] == [("tax", "platform", "operator")]


def test_what_a_code_opens_is_recorded_with_the_fields_and_the_cause_that_are_noted(shop: Shop) -> None:
    ask(shop, ("by code", at("app-hotel", None)))
    (record,) = records(shop)
    assert (record.basis, list(record.fields), record.about) == ("public", ["payer"], "ord_1")
    assert record.cause is not None and "住宿" not in record.cause


def test_of_a_list_the_rows_that_the_reply_holds_are_recorded(shop: Shop) -> None:
    ROWS["ord_3"] = "sub_1"
    try:
        ask(shop, ("all", at(PORTAL)), reply=Orders)
    finally:
        del ROWS["ord_3"]
    assert [one.about for one in records(shop) if one.action == "look.used"] == ["ord_1"]


@pytest.mark.parametrize("mode", MODES)
def test_without_the_record_there_is_no_reply(shop: Shop, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_records, "_record", lambda *_: 1 / 0)
    (reply,) = ask(shop, ("ord_1", at(PORTAL)), **MODES[mode])
    assert isinstance(reply, Internal) and records(shop) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lacks", ["the declaration", "the log"])
def test_a_method_that_does_not_declare_it_discloses_nothing(shop: Shop, mode: str, lacks: str) -> None:
    rule = RULE
    if lacks == "the log":
        shop.keeps_evidence = False
    else:
        rule = MethodRule(RULE.basis, RULE.resource, RULE.about)
    (reply,) = ask(shop, ("ord_1", at(PORTAL)), rule=rule, **MODES[mode])
    assert isinstance(reply, Internal)
    (reply,) = ask(shop, ("ord_1", at("app-tax", tenant="tax")), rule=rule, **MODES[mode])
    assert reply == {"order_id": "ord_1", "payer": None}


def unknown_ids() -> float:
    return float(METRICS.child(METRICS.unknown_ids, "shop", "look")._value.get())


@pytest.mark.parametrize("mode", MODES)
def test_a_refusal_is_recorded_for_the_owner_of_the_row_and_an_unknown_id_is_counted(shop: Shop, mode: str) -> None:
    before = unknown_ids()
    replies = ask(shop, ("ord_2", at(STRANGE)), ("ord_9", at(STRANGE)), **MODES[mode])
    assert all(isinstance(reply, NotFound) for reply in replies)
    (record,) = records(shop)
    assert (record.owner, record.action, record.about, record.basis) == ("tax", "refused", "order", "none")
    assert record.details == {"reason": "authority.not-found", "count": 1} and record.by["caller"] == STRANGE
    assert unknown_ids() >= before + 1


def test_a_session_that_is_not_admitted_is_a_refusal_of_the_department_that_was_called(shop: Shop) -> None:
    ask(shop, ("ord_1", at(PORTAL)), rule=MethodRule(RULE.basis, "order", RULE.about, level=3, discloses=True))
    assert [(one.owner, one.details["reason"]) for one in records(shop)] == [
        ("elsewhere", "authority.level-too-low")]


def test_refusals_of_a_minute_are_two_records_the_second_with_their_number(
    shop: Shop, monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(refusal_records, "monotonic", lambda: now[0])
    for _ in range(5):
        ask(shop, *[("ord_2", at(STRANGE))] * 3)
        now[0] += 1
    assert [one.details["count"] for one in records(shop)] == [1]
    now[0] += MINUTE_S
    ask(shop, ("ord_2", at(STRANGE)), ("ord_1", at(STRANGE, "sub_2")), ("ord_2", at("app-other")))
    assert sorted((one.by["caller"], one.details["count"]) for one in records(shop)) == [
        ("app-other", 1), (STRANGE, 1), (STRANGE, 1), (STRANGE, 14)]
    provider = shop.transactions.provider
    write_refusals(shop.transactions, provider.refusals.ended(float("inf")))
    assert len(records(shop)) == 5


def test_a_refusal_that_cannot_be_recorded_fails_no_call(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise Internal("the database is away")

    monkeypatch.setattr(refusal_records, "_record", down)
    refused, seen = ask(shop, ("ord_2", at(STRANGE)), ("ord_1", at("app-tax", tenant="tax")))
    assert isinstance(refused, NotFound) and seen["order_id"] == "ord_1"
