"""Languages, deadlines, traces and ids in headers; what every answer carries."""
from __future__ import annotations

import pytest

from shared_components.bus.amqp.wire import problem_of_context
from shared_components.bus.errors import InvalidArguments
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel.bilingual import Bilingual
from tests.unit.gateway.fake_bus import refuses
from tests.unit.gateway.world import DrawerChanged, Edge, problem_of

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(("accepted", "title"), [
    (None, "抽屉已变化。"), ("zh", "抽屉已变化。"), ("zh-CN,zh;q=0.9", "抽屉已变化。"), ("zh-Hant-TW", "抽屉已变化。"),
    ("en", "The drawer has changed."), ("en-GB,en;q=0.9,zh;q=0.8", "The drawer has changed."),
    ("zh;q=0.5, en;q=0.6", "The drawer has changed."), ("en;q=0", "抽屉已变化。"), ("de,fr", "抽屉已变化。"),
    ("EN", "The drawer has changed."), ("en;q=nonsense", "抽屉已变化。"), ("*", "抽屉已变化。"),
    (",,;;==", "抽屉已变化。"), ("x" * 10_000, "抽屉已变化。"),
])
def test_a_precondition_that_is_stale_is_412_in_the_callers_language(accepted: str | None, title: str) -> None:
    edge = Edge({"till.write_order": DrawerChanged("drawer 1 has 3 coins, not 4", details={"coins": 3})})
    problem = problem_of(
        edge.write(headers={"Accept-Language": accepted} if accepted else {}), 412, "till.drawer-changed")
    assert problem["title"] == title
    assert problem["details"] == {"coins": 3}


@pytest.mark.parametrize(("accepted", "title"), [("en", "The arguments do not fit"), ("zh", "参数不符合接口契约。")])
def test_wrong_fields_are_named_one_by_one(accepted: str, title: str) -> None:
    edge = Edge({"till.read": refuses({"order_id": ["Missing data for required field."]})})
    problem = problem_of(edge.read(headers={"Accept-Language": accepted}), 400, "bus.invalid-arguments")
    assert problem["title"].startswith(title)
    assert problem["fields"] == {"order_id": ["Missing data for required field."]}


@pytest.mark.parametrize(("accepted", "detail", "wrong"), [
    ("en", "'read' got wrong arguments: order_id", "Missing data for required field."),
    ("zh-CN", "“read”的参数有误：order_id", "必填项缺失。"),
])
def test_detail_and_field_messages_are_in_the_callers_language(accepted: str, detail: str, wrong: str) -> None:
    fields = in_both_languages({"order_id": ["Missing data for required field."]})
    message = Bilingual("'read' got wrong arguments: order_id", "“read”的参数有误：order_id")
    edge = Edge({"till.read": InvalidArguments(message, details={"fields": fields})})
    problem = problem_of(edge.read(headers={"Accept-Language": accepted}), 400, "bus.invalid-arguments")
    assert problem["detail"] == detail
    assert problem["fields"] == {"order_id": [wrong]}


def test_the_service_is_told_the_language() -> None:
    edge = Edge()
    for language in ("en", "zh", "fr"):
        edge.read(headers={"Accept-Language": language})
    assert [asked.context["locale"] for asked in edge.bus.asked] == ["en", "zh-CN", "zh-CN"]


# deadlines

@pytest.mark.parametrize(("given", "timeout_s"), [
    (None, 10), ("5", 5), ("0.1", 0.1), ("60", 60), (" 7.25 ", 7.25), ("0.30000000000000004", 0.30000000000000004),
])
def test_a_deadline_travels_with_the_call(given: str | None, timeout_s: float) -> None:
    edge = Edge()
    assert edge.read(headers={"X-Timeout-S": given} if given else {}).status_code == 200
    assert edge.bus.asked[0].timeout_s == timeout_s


@pytest.mark.parametrize("given", ["", "0", "0.09", "60.1", "-1", "1e1", "inf", "nan", "10s", "١", "1_0", "9" * 400])
def test_a_deadline_out_of_range_is_refused_with_the_range(given: str) -> None:
    edge = Edge()
    problem = problem_of(edge.read(headers={"X-Timeout-S": given.encode()}), 400, "gateway.header-invalid")
    assert problem["fields"] == {"X-Timeout-S": ["只允许 0.1 至 60 之间的秒数"]}
    assert edge.bus.asked == []


def test_the_longest_deadline_is_configured() -> None:
    edge = Edge(longest_timeout_s=2)
    edge.read()
    assert edge.bus.asked[0].timeout_s == 2
    problem_of(edge.read(headers={"X-Timeout-S": "3"}), 400, "gateway.header-invalid")


# traces and ids

def test_a_trace_goes_on_and_its_id_stands_in_the_problem() -> None:
    edge = Edge({"till.write_order": DrawerChanged()})
    problem = edge.write(headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}).json()
    sent = edge.bus.asked[0].context["traceparent"].split("-")
    assert problem["trace_id"] == sent[1] == TRACE
    assert sent[2] != "b7ad6b7169203331"
    assert sent[3] == "01"


@pytest.mark.parametrize("given", [
    "nonsense", f"00-{TRACE}", f"00-{'0' * 32}-b7ad6b7169203331-01", f"ff-{TRACE}-b7ad6b7169203331-01",
    f"00-{TRACE.upper()}-b7ad6b7169203331-01", "x" * 9000, f"00-{TRACE}-b7ad6b7169203331-01\u00e4",
])
def test_a_wrong_trace_begins_a_new_one(given: str) -> None:
    edge = Edge()
    assert edge.read(headers={"traceparent": given.encode()}).status_code == 200
    assert problem_of_context(edge.bus.asked[0].context) is None
    assert TRACE not in edge.bus.asked[0].context["traceparent"]


def test_the_apps_own_id_of_a_request_comes_back() -> None:
    assert Edge().read(headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"


@pytest.mark.parametrize("given", ["a b", "x" * 81, "<b>", "ä", "a\tb"])
def test_an_id_that_is_not_harmless_is_replaced(given: str) -> None:
    answer = Edge().read(headers={"X-Request-Id": given.encode()})
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "/v1/till/read"), ("GET", "/"), ("GET", "/docs"), ("GET", "/nothing"), ("POST", "/callbacks/payment/x"),
    ("GET", "/live"), ("PUT", "/v1/till/read"), ("GET", "/openapi.json"),
])
def test_every_answer_has_the_security_headers(method: str, path: str) -> None:
    answer = Edge().ask(path, method, json={})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] in ("no-store", "no-cache")
    assert answer.headers["x-request-id"]


def test_a_page_of_another_host_may_call_only_when_it_is_configured() -> None:
    preflight = {
        "Origin": "https://app.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key"}
    closed = Edge().ask("/v1/till/read", "OPTIONS", key=None, headers=preflight)
    assert (closed.status_code, "access-control-allow-origin" in closed.headers) == (405, False)
    edge = Edge(cors_origins=["https://app.example"])
    allowed = edge.ask("/v1/till/read", "OPTIONS", key=None, headers=preflight)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://app.example")
    assert "access-control-allow-credentials" not in allowed.headers
    stranger = edge.ask("/v1/till/read", "OPTIONS", key=None, headers={**preflight, "Origin": "https://evil.example"})
    assert (stranger.status_code, "access-control-allow-origin" in stranger.headers) == (400, False)
    refused = edge.read(key="wrong", headers={"Origin": "https://app.example"})
    assert refused.headers["access-control-allow-origin"] == "https://app.example"  # else its page could not read it


def test_a_long_answer_is_compressed_for_those_who_take_it() -> None:
    edge = Edge({"till.read": {"order_id": "x" * 5000, "state": "open"}})
    assert edge.read(headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in edge.read(headers={"Accept-Encoding": "identity"}).headers
