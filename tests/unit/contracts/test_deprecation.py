"""A method or field with a last day: callers hear of it, its use is counted, and afterwards it may go."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from marshmallow import fields

from shared_components.contracts import Message, MethodContract, ServiceContract, deprecation
from shared_components.contracts.base import text
from shared_components.contracts.deprecation import Deprecation
from shared_components.contracts.diff import refused
from shared_components.contracts.export import export_contract
from tests.unit.gateway.world import TILL, Edge

DUE = Deprecation(date(2026, 1, 1), date(2026, 12, 31), "Use read_all.", "请改用 read_all。")


class Read(Message):
    order_id = fields.String(required=True)
    mark = fields.String(metadata=text("Old.", "旧。", deprecated_until="2026-12-31"))


class Order(Message):
    total = fields.Integer(required=True, metadata=text("Old.", "旧。", deprecated_until="2026-12-31"))
    state = fields.String(required=True)


class Shorter(Message):
    order_id = fields.String(required=True)


class Smaller(Message):
    state = fields.String(required=True)


def contract(*methods: MethodContract) -> dict[str, Any]:
    return export_contract(ServiceContract("till", "2.0", {method.name: method for method in methods}))


def method(name: str, **more: Any) -> MethodContract:
    return MethodContract(name=name, request=Read, reply=Order, callers=("app",), **more)


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda day: monkeypatch.setattr(deprecation, "today", lambda: date.fromisoformat(day))


@pytest.mark.parametrize(("day", "breaking"), [("2026-12-31", 1), ("2027-01-01", 0)])
def test_a_method_may_go_after_its_day(on_day: Any, day: str, breaking: int) -> None:
    on_day(day)
    found = refused(contract(method("read", deprecated=DUE), method("keep")), contract(method("keep")))
    assert len(found) == breaking


@pytest.mark.parametrize(("day", "breaking"), [
    ("2026-12-31", {"method read, request.mark", "method read, reply.total"}), ("2027-01-01", set())])
def test_a_field_may_go_after_its_day(on_day: Any, day: str, breaking: set[str]) -> None:
    on_day(day)
    smaller = MethodContract(name="read", request=Shorter, reply=Smaller, callers=("app",))
    assert {one.where for one in refused(contract(method("read")), contract(smaller))} == breaking


def test_a_day_that_was_told_never_comes_earlier() -> None:
    later = Deprecation(DUE.since, date(2027, 6, 30), DUE.use, DUE.use_zh)
    told, put_off = contract(method("read", deprecated=DUE)), contract(method("read", deprecated=later))
    assert refused(told, put_off) == []
    assert [one.where for one in refused(put_off, told)] == ["method read, deprecated"]
    assert refused(contract(method("read")), told) == []


def test_a_day_before_the_first_is_a_mistake_of_the_author() -> None:
    with pytest.raises(ValueError, match="a later day"):
        Deprecation(date(2026, 1, 2), date(2026, 1, 2), "", "")


def test_a_reply_over_http_says_until_when() -> None:
    old = MethodContract(**{**vars(TILL.methods["read"]), "deprecated": DUE})
    edge = Edge(contracts=[ServiceContract("till", "1.3", {**TILL.methods, "read": old})])
    answer = edge.read()
    assert answer.status_code == 200
    assert answer.headers["Deprecation"] == "@1767225600"
    assert answer.headers["Sunset"] == "Thu, 31 Dec 2026 00:00:00 GMT"
    assert "Sunset" not in edge.write().headers
    described = edge.ask("/openapi.json", "GET", headers={"Accept-Language": "zh"}).json()
    assert described["paths"]["/v1/till/read"]["post"]["description"] == "至 2026-12-31 为止。请改用 read_all。"
    assert described["paths"]["/v1/till/read"]["post"]["deprecated"] is True
