"""The edge with every service behind it: `zhongtai run` on inproc:// and SQLite, asked over loopback."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.domain.apps import DEMO_KEY
from shared_components.devstack.sandbox import seed_of_matter
from shared_components.kernel.ids import new_id
from shared_components.security.request_signing import sign
from tests.integration.bus_harness import wait_until
from tests.integration.gateway.platform import HOSPITAL_KEY, HOSPITAL_KEY_ID, ORDER, OTHER_KEY, Platform
from tests.unit.gateway.test_methods import CLOSED, OPEN, address

NEEDS_A_PERSON = (
    "authority.subject-needed", "matter.officer-needed", "identity.decision-for-officers",
    "notification.approver-not-allowed")
PERSON = {"name": "林静", "id_number": "33010619850615002X", "mobile": "13800000001"}


def code_of(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


# methods

@pytest.mark.parametrize(("service", "method"), OPEN, ids=[".".join(one) for one in OPEN])
def test_every_public_method_answers_over_http(platform: Platform, service: str, method: str) -> None:
    """With what its documentation gives as an example: done, or refused for what the example names."""
    document = platform.ask("/openapi.json", method="GET").json()
    post = document["paths"][address(service, method)]["post"]
    example = post["requestBody"]["content"]["application/json"]["example"]
    answer = platform.ask(address(service, method), example)
    if answer.status_code == 403:
        # The app's key alone is not enough where a citizen or an officer must act.
        assert answer.json()["code"] in NEEDS_A_PERSON, answer.text
        return
    assert answer.status_code in (200, 400, 404, 409, 412), answer.text
    if answer.status_code != 200:
        assert answer.json()["code"].partition(".")[0] in (service, "bus", "webhooks"), answer.text


def test_no_method_for_services_only_answers(platform: Platform) -> None:
    for service, method in CLOSED:
        assert code_of(platform.ask(address(service, method), {}), 403) == "gateway.method-not-offered"


def test_the_first_thing_to_try_works(platform: Platform) -> None:
    assert platform.call("matter.list_matters")["items"][0]["matter_code"] == "driving-licence-renewal"
    assert platform.call("payment.create_order", **ORDER)["amount_minor"] == 1000


# operations

def test_the_same_key_gives_the_same_order_and_another_body_a_conflict(platform: Platform) -> None:
    key = {"Idempotency-Key": new_id("try")}
    first, second = (platform.ask("/v1/payment/create-order", ORDER, headers=key) for _ in range(2))
    assert first.json() == second.json()
    other = platform.ask("/v1/payment/create-order", {**ORDER, "reference": "x"}, headers=key)
    assert code_of(other, 409) == "bus.operation-reused"
    assert other.json()["details"] == {"idempotency_key": key["Idempotency-Key"]}
    theirs = platform.ask("/v1/payment/list-fee-items", {}, headers=key, key=OTHER_KEY)
    assert theirs.status_code == 200


def test_a_key_of_one_method_is_no_key_of_another(platform: Platform) -> None:
    order_id = platform.call("payment.create_order", **ORDER)["order_id"]
    key = {"Idempotency-Key": new_id("try")}
    assert platform.ask("/v1/payment/start-payment", {"order_id": order_id}, headers=key).status_code == 200
    answer = platform.ask("/v1/payment/close-order", {"order_id": order_id}, headers=key)
    assert code_of(answer, 409) == "bus.operation-reused"


def test_two_requests_with_one_key_at_once_make_one_order(platform: Platform) -> None:
    key, reference = {"Idempotency-Key": new_id("try")}, new_id("many")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda _: platform.ask(
                "/v1/payment/create-order", {**ORDER, "reference": reference}, headers=key), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert len(platform.call("payment.list_orders", reference=reference)["items"]) == 1


def test_wrong_fields_are_named_in_the_callers_language(platform: Platform) -> None:
    for language, title, missing, detail in (
        ("en", "The arguments do not fit the method's contract.", "Missing data for required field.",
         "'create_order' got"),
        ("zh", "参数不符合接口契约。", "必填项缺失。", "“create_order”的参数有误"),
    ):
        answer = platform.ask(
            "/v1/payment/create-order", {"lines": [{"item_code": 7, "quantity": 0}], "secret": 1},
            headers={"Accept-Language": language})
        assert code_of(answer, 400) == "bus.invalid-arguments"
        problem = answer.json()
        assert problem["title"] == title
        assert problem["detail"].startswith(detail)
        assert problem["fields"]["payer_name"] == [missing]
        assert set(problem["fields"]) == {"payer_name", "lines", "secret"}
        assert set(problem["fields"]["lines"]["0"]) == {"item_code", "quantity"}


# tenants

def test_another_tenants_things_are_not_there(platform: Platform) -> None:
    order = platform.call("payment.create_order", **ORDER, reference="secret-of-one")
    person = platform.call("identity.register_person", **PERSON | {"id_number": "330106198001010013"})
    for path, content in (
        ("/v1/payment/get-order", {"order_id": order["order_id"]}),
        ("/v1/payment/close-order", {"order_id": order["order_id"]}),
        ("/v1/payment/start-payment", {"order_id": order["order_id"]}),
        ("/v1/identity/get-subject", {"subject_id": person["subject_id"]}),
    ):
        answer = platform.ask(path, content, key=OTHER_KEY)
        unknown = platform.ask(path, {name: f"{value[:4]}0" for name, value in content.items()}, key=OTHER_KEY)
        assert (answer.status_code, answer.json()["code"]) == (unknown.status_code, unknown.json()["code"])
        assert answer.status_code == 404
    assert platform.ask("/v1/payment/list-orders", {}, key=OTHER_KEY).json()["items"] == []
    assert platform.ask("/v1/matter/list-cases", {}, key=OTHER_KEY).json()["items"] == []
    assert platform.ask("/v1/payment/get-order", {"order_id": order["order_id"]}, key=DEMO_KEY).status_code == 200


def test_a_tenant_in_the_body_or_a_header_changes_nothing(platform: Platform) -> None:
    answer = platform.ask(
        "/v1/payment/list-fee-items", {}, key=OTHER_KEY, headers={"X-Tenant": "default", "tenant": "default"})
    assert answer.json()["items"] == []
    answer = platform.ask("/v1/payment/list-fee-items", {"tenant": "default"}, key=OTHER_KEY)
    assert code_of(answer, 400) == "bus.invalid-arguments"


# input that is meant to harm

HARM: Iterable[Any] = [
    "' OR 1=1 --", "\u0000", "<script>alert(1)</script>", "\u202e", "😀" * 50, "../../etc/passwd", "{{7*7}}",
    "%s%n", "\r\nSet-Cookie: a=b", "x" * 70_000, -1, 2**63, 2**64, 1e308, None, True, [], {}, [[[[]]]], "\ufeff",
]


@pytest.mark.parametrize("value", HARM, ids=lambda value: repr(value)[:20])
def test_a_value_that_is_meant_to_harm_is_refused_or_kept_as_it_is(platform: Platform, value: Any) -> None:
    for path, content in (
        ("/v1/payment/create-order", {**ORDER, "payer_name": value, "reference": value, "metadata": {"a": value}}),
        ("/v1/payment/get-order", {"order_id": value}),
        ("/v1/payment/list-fee-items", {"limit": value, "after": value}),
        ("/v1/matter/start-case", {"matter_code": value, "applicant_subject": value, "form": {"a": value}}),
        ("/v1/identity/register-person", {"name": value, "id_number": value, "email": value}),
        ("/v1/notification/preview", {"template_code": value, "channel": value, "values": {"a": value}}),
        ("/v1/elicence/verify", {"code": value, "purpose": value}),
    ):
        answer = platform.ask(path, content)
        assert answer.status_code in (200, 400, 404, 409, 413), answer.text
        assert "set-cookie" not in answer.headers


def test_what_personal_data_was_sent_stands_in_no_log(platform: Platform) -> None:
    """Also of requests that were refused, field by field."""
    canary = {"name": "金丝雀甲", "id_number": "330106197707070077X", "mobile": "13877777777x", "email": "canaryx"}
    answer = platform.ask("/v1/identity/register-person", canary)
    assert answer.status_code == 400
    platform.ask("/v1/payment/create-order", {**ORDER, "payer_name": "金丝雀乙"})
    platform.ask(
        "/v1/payment/create-order", {"payer_name": ["金丝雀乙"], "金丝雀丙": 1}, headers={"X-Request-Id": "the-last"})
    wait_until(lambda: "the-last" in platform.log, "the line of the last request")
    for told in (*canary.values(), "金丝雀", "demo-app-key"):
        assert told not in platform.log
        assert json.dumps(told)[1:-1] not in platform.log


# callbacks

@pytest.fixture(scope="module")
def case_id(platform: Platform) -> Iterator[str]:
    """A case that waits for the hospital's word or is on its way to it."""
    subject = platform.call("identity.register_person", **PERSON | {"id_number": "330106199001010018"})["subject_id"]
    example = seed_of_matter()["example"]
    yield platform.call(
        "matter.start_case", matter_code=example["matter_code"], applicant_subject=subject,
        form=example["form"])["case_id"]


def signed(
    content: bytes, *, key: bytes = HOSPITAL_KEY, key_id: str = HOSPITAL_KEY_ID, age_s: float = 0,
) -> dict[str, str]:
    return sign(content, key_id=key_id, key=key, at=datetime.now(UTC) - timedelta(seconds=age_s))


def examination(case_id: str) -> bytes:
    return json.dumps({"callback_id": new_id("exam"), "case_id": case_id, "step": "medical", "result": {
        "passed": True, "certificate_number": "TJ1", "examined_on": "2026-01-01"}}).encode()


def test_an_outside_systems_callback_is_believed_only_with_its_signature(platform: Platform, case_id: str) -> None:
    path, body = f"/callbacks/matter/{case_id}/medical", examination(case_id)
    asked = {
        "forged": signed(body, key=b"some other key of anybody"), "unknown key": signed(body, key_id="nobody"),
        "altered": signed(body + b" "), "channel's": signed(body, key_id="sandbox-merchant"),
    }
    for what, headers in asked.items():
        assert code_of(platform.ask(path, body, key=None, headers=headers), 401) == "security.signature-invalid", what
    for age_s in (301, -301):
        answer = platform.ask(path, body, key=None, headers=signed(body, age_s=age_s))
        assert code_of(answer, 401) == "security.signature-expired"
    assert code_of(platform.ask(path, body, key=DEMO_KEY), 401) == "security.signature-missing"
    genuine = platform.ask(path, body, key=None, headers=signed(body))
    # Believed, and judged by the case: a draft has no steps yet. (The demo carries one to its end.)
    assert code_of(genuine, 404) == "matter.step-not-found"
    elsewhere = platform.ask("/callbacks/matter/case_other/medical", body, key=None, headers=signed(body))
    assert elsewhere.status_code in (400, 404, 409), elsewhere.text


def test_a_channels_callback_is_believed_only_with_its_signature(platform: Platform) -> None:
    body = json.dumps({"event_id": "evt_1", "kind": "payment-succeeded"}).encode()
    for headers in (signed(body), signed(body, key_id="sandbox-merchant", key=b"guessed"), {}):
        answer = platform.ask("/callbacks/payment/sandbox", body, key=None, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "FAIL"), answer.text
        assert answer.headers["content-type"] == "application/json"
    answer = platform.ask("/callbacks/payment/nobody", body, key=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "FAIL")


# the edge in this form

def test_the_longest_answer_is_compressed_beside_green_services_too(platform: Platform) -> None:
    answer = platform.ask("/openapi.json", method="GET", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert len(answer.content) > 128 * 1024  # from there Starlette would use a thread


def test_the_probes_answer(platform: Platform) -> None:
    for path in ("/live", "/ready"):
        answer = platform.ask(path, method="GET", key=None)
        assert (answer.status_code, answer.json()["status"]) == (200, "ok"), answer.text
    assert "zhongtai_http_requests_total" in platform.ask("/metrics", method="GET", key=None).text


def test_a_trace_is_the_same_in_the_answer_and_in_the_logs_of_edge_and_service(platform: Platform) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = platform.ask(
        "/v1/payment/get-order", {"order_id": "pay_0"}, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.json()["trace_id"] == trace
    wait_until(lambda: platform.log.count(trace) == 2, "a line of the edge and one of the service")
    lines = [json.loads(line) for line in platform.log.splitlines() if trace in line]
    assert {line["event"] for line in lines} == {"http.request.finished", "bus.call.finished"}


def test_many_callers_at_once_are_all_served(platform: Platform) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: platform.ask("/v1/payment/create-order", ORDER), range(160)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["order_id"] for answer in answers}) == 160
