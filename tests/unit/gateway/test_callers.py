"""The caller of a request, its tenant, and its operation id."""
from __future__ import annotations

import pytest

from services.gateway.domain.errors import KeyUnknown
from shared_components.bus.errors import BrokerUnavailable, NoReply, QueueFull, UnknownMethod
from tests.unit.gateway.world import KEY_A, KEY_B, DrawerLocked, Edge, problem_of


@pytest.mark.parametrize("authorization", [
    None, "", "Bearer", "Bearer ", "Basic a2V5", "Token abc", KEY_A, "bearer", "\tBearer\t", f"Bearer: {KEY_A}",
])
def test_a_request_without_a_key_is_asked_for_one(authorization: str | None) -> None:
    edge = Edge()
    answer = edge.read(key=None, headers={"Authorization": authorization} if authorization is not None else {})
    problem_of(answer, 401, "gateway.key-missing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="zhongtai"'
    assert edge.bus.asked == []


@pytest.mark.parametrize("key", [
    "wrong", KEY_A[:-1], KEY_A + "x", KEY_A.upper(), "x" * 257, "x" * 5000, f"{KEY_A} {KEY_A}", "demo-app-key", "é",
])
def test_every_wrong_key_looks_alike_and_is_not_repeated(key: str) -> None:
    edge = Edge()
    answer = edge.read(key=None, headers={"Authorization": b"Bearer " + key.encode()})
    problem = problem_of(answer, 401, "gateway.key-unknown")
    assert problem["detail"] == KeyUnknown.texts["zh"]
    assert key not in answer.text or len(key) < 3
    assert edge.bus.asked == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "  Bearer "])
def test_the_scheme_is_known_in_any_case(scheme: str) -> None:
    assert Edge().read(key=None, headers={"Authorization": f"{scheme} {KEY_A}"}).status_code == 200


def test_the_tenant_is_the_apps_whatever_the_request_says() -> None:
    edge = Edge()
    edge.read(key=KEY_B, headers={"X-Tenant": "tenant-a", "X-Zhongtai-Tenant": "tenant-a", "tenant": "tenant-a"})
    edge.ask("/v1/till/read?tenant=tenant-a", key=KEY_A, json={"order_id": "1", "tenant": "tenant-b"})
    assert [asked.context["tenant"] for asked in edge.bus.asked] == ["tenant-b", "tenant-a"]
    assert edge.bus.asked[1].kwargs == {"order_id": "1", "tenant": "tenant-b"}  # for the service to refuse


def test_a_call_carries_no_other_context_than_app_tenant_language_and_trace() -> None:
    edge = Edge()
    edge.read(headers={"subject": "sub_1", "X-Subject": "sub_1", "for_app": "app-b", "Cookie": "session=1"})
    assert set(edge.bus.asked[0].context) == {"for_app", "tenant", "locale", "traceparent"}
    assert edge.bus.asked[0].context["for_app"] == "app-a"


# operation ids

def test_a_key_that_is_given_is_the_operation_and_comes_back() -> None:
    edge = Edge()
    answer = edge.write(headers={"Idempotency-Key": "order-0001"})
    assert answer.headers["idempotency-key"] == "order-0001"
    assert edge.bus.asked[0].op_id == "order-0001"


def test_a_key_is_made_and_named_when_none_is_given() -> None:
    edge = Edge()
    keys = [edge.write().headers["idempotency-key"] for _ in range(2)]
    assert [asked.op_id for asked in edge.bus.asked] == keys
    assert keys[0] != keys[1]


def test_a_read_names_no_key() -> None:
    assert "idempotency-key" not in Edge().read(headers={"Idempotency-Key": "k"}).headers


def test_the_same_key_and_body_gives_the_same_answer() -> None:
    edge: Edge = Edge({"till.write_order": lambda asked: {"number": len(edge.bus.asked)}})
    first, second = (edge.write(headers={"Idempotency-Key": "once"}) for _ in range(2))
    assert first.json() == second.json() == {"number": 1}


def test_the_same_key_with_another_body_is_a_conflict_in_the_apps_own_words() -> None:
    edge = Edge()
    english = {"Idempotency-Key": "once", "Accept-Language": "en"}
    edge.write(headers=english, json={"a": 1})
    problem = problem_of(edge.write(headers=english, json={"a": 2}), 409, "bus.operation-reused")
    assert problem["detail"] == "Idempotency-Key 'once' was used with another request; use a new one"
    assert problem["details"] == {"idempotency_key": "once"}


def test_a_conflict_names_the_header_in_chinese_too() -> None:
    edge, chinese = Edge(), {"Idempotency-Key": "once", "Accept-Language": "zh-CN"}
    edge.write(headers=chinese, json={"a": 1})
    problem = problem_of(edge.write(headers=chinese, json={"a": 2}), 409, "bus.operation-reused")
    assert problem["detail"] == "Idempotency-Key“once”已用于其他请求，请使用新的编号"


def test_two_apps_keys_never_meet() -> None:
    edge = Edge({"till.read": lambda asked: {"op": asked.op_id}})
    edge.read(key=KEY_A, headers={"Idempotency-Key": "one"})
    edge.read(key=KEY_B, headers={"Idempotency-Key": "one"}, json={"order_id": "another"})
    assert [(asked.context["for_app"], asked.op_id) for asked in edge.bus.asked] == [("app-a", "one"), ("app-b", "one")]


def test_a_key_in_quotes_is_the_same_key() -> None:
    """As the IETF's draft writes it."""
    edge = Edge()
    edge.write(headers={"Idempotency-Key": '"once"'})
    assert edge.bus.asked[0].op_id == "once"


@pytest.mark.parametrize("key", ["", '""', "a b", "a\tb", "x" * 81, "schlüssel", "a;b", "a,b", "<script>", "a'b", '"a'])
def test_a_key_of_other_signs_is_refused_and_not_repeated(key: str) -> None:
    edge = Edge()
    answer = edge.write(headers={"Idempotency-Key": key.encode()})
    problem = problem_of(answer, 400, "gateway.header-invalid")
    assert list(problem["fields"]) == ["Idempotency-Key"]
    assert "<script>" not in answer.text
    assert edge.bus.asked == []


# what the bus says

def test_no_reply_in_time_is_504_and_names_the_key_to_ask_again_with() -> None:
    edge = Edge({"till.write_order": NoReply(
        "no reply from till.write_order before the deadline; ask again with operation id again",
        details={"op_id": "again"})})
    answer = edge.write(headers={"Idempotency-Key": "again"})
    problem = problem_of(answer, 504, "bus.no-reply")
    assert problem["detail"].endswith("ask again with Idempotency-Key again")
    assert problem["details"] == {"idempotency_key": "again"}
    assert answer.headers["idempotency-key"] == "again"


def test_a_made_key_can_be_asked_again_with_too() -> None:
    answer = Edge({"till.write_order": NoReply("gone")}).write()
    assert answer.json()["details"]["idempotency_key"] == answer.headers["idempotency-key"]


@pytest.mark.parametrize(("error", "wait"), [
    (BrokerUnavailable(details={"retry_after_s": 1}), "1"), (QueueFull(details={"retry_after_s": 2.4}), "3"),
    (QueueFull(), "1"), (QueueFull(details={"retry_after_s": "soon"}), "1"),
    (QueueFull(details={"retry_after_s": float("inf")}), "1"), (QueueFull(details={"retry_after_s": -5}), "1"),
])
def test_unavailable_is_503_and_says_when_to_come_back(error: Exception, wait: str) -> None:
    answer = Edge({"till.read": error}).read()
    problem_of(answer, 503, error.code)  # type: ignore[attr-defined]
    assert answer.headers["retry-after"] == wait


def test_a_method_that_no_process_serves_is_503_and_not_the_apps_mistake() -> None:
    edge = Edge({"till.read": UnknownMethod("service 'till' has no method 'read'; it has ['x']")})
    answer = edge.read()
    assert problem_of(answer, 503, "gateway.service-not-running")["details"] == {"retry_after_s": 1}
    assert answer.headers["retry-after"] == "1"
    del edge.bus.answers["till.write_order"]
    problem_of(edge.write(), 503, "gateway.service-not-running")


def test_a_conflict_keeps_its_code_and_facts() -> None:
    error = DrawerLocked("drawer 1 is 'locked'; only 'open' is allowed", details={"state": "locked", "trace_id": "x"})
    problem = problem_of(Edge({"till.write_order": error}).write(), 409, "till.drawer-locked")
    assert problem["detail"] == "drawer 1 is 'locked'; only 'open' is allowed"
    assert problem["details"] == {"state": "locked"}
