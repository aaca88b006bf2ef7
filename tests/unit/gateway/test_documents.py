"""The file in a method's reply, as a file: who gets it, under which name, and what a cache may do with it."""
from __future__ import annotations

import base64
from typing import Any

import pytest
from marshmallow import fields
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.gateway.adapters.documents import file_name
from services.gateway.domain.apps import key_hash
from shared_components.bus.errors import BrokerUnavailable, InvalidArguments, NoReply
from shared_components.contracts import DocumentContract, Message
from shared_components.contracts.registry import MethodContract, ServiceContract
from tests.unit.gateway.test_methods import CONTRACTS
from tests.unit.gateway.world import KEY_A, KEY_B, DrawerLocked, Edge, problem_of

FILE = b"%PDF-1.4\n" + bytes(range(256)) * 8
ADDRESS = "/v1/shelf/papers/pap_1.pdf"
TEMPLATE = "/v1/shelf/papers/{paper_id}.pdf"


class GetPaper(Message):
    paper_id = fields.String(required=True)
    whole = fields.Boolean(load_default=False)


class Paper(Message):
    number = fields.String(required=True, allow_none=True)
    content = fields.String(required=True, allow_none=True, metadata={"media_type": "application/pdf"})


SHELF = ServiceContract("shelf", "1.0", {"get_paper": MethodContract(
    "get_paper", GetPaper, Paper, callers=("gateway",), public=True, errors=(DrawerLocked,), summary="One paper.",
    document=DocumentContract("papers/{paper_id}.pdf", "content", asking={"whole": True}, named_by=("number",)))})
KEY_C = "key-of-app-c-0123456789"
APPS = [
    {"name": "app-a", "tenant": "tenant-a", "key_sha256": key_hash(KEY_A)},
    {"name": "app-b", "tenant": "tenant-b", "key_sha256": key_hash(KEY_B), "methods": ["shelf.get_paper"]},
    {"name": "app-c", "tenant": "tenant-c", "key_sha256": key_hash(KEY_C), "methods": ["shelf.other"]},
]


def paper(content: bytes | None = FILE, number: str | None = "00042") -> dict[str, Any]:
    return {"number": number, "content": None if content is None else base64.b64encode(content).decode(), "new": 1}


def shelf(answer: Any = None, **changes: Any) -> Edge:
    return Edge({"shelf.get_paper": answer or paper()}, **{"contracts": [SHELF], "apps": APPS, **changes})


def test_it_comes_as_a_file_with_a_name() -> None:
    edge = shelf()
    answer = edge.ask(ADDRESS, "GET")
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="00042.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-request-id"].startswith("req_")
    (asked,) = edge.bus.asked
    assert (asked.target, asked.kwargs) == ("shelf.get_paper", {"paper_id": "pap_1", "whole": True})


def test_it_is_kept_for_the_one_app_and_asked_for_anew() -> None:
    first = shelf().ask(ADDRESS, "GET")
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in first.headers["vary"]
    tag = first.headers["etag"]
    for given in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = shelf().ask(ADDRESS, "GET", headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b""), given
        assert [again.headers[name] for name in ("etag", "cache-control")] == [tag, "private, no-cache"]
        assert "content-disposition" not in again.headers
    for other in ('"x"', tag[:-2] + '"', ""):
        assert shelf().ask(ADDRESS, "GET", headers={"If-None-Match": other}).status_code == 200
    changed = shelf(paper(FILE + b"!")).ask(ADDRESS, "GET", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag


def test_a_stranger_learns_nothing_from_a_file_that_is_unchanged() -> None:
    edge = shelf()
    tag = edge.ask(ADDRESS, "GET").headers["etag"]
    problem_of(edge.ask(ADDRESS, "GET", key="wrong", headers={"If-None-Match": tag}), 401, "gateway.key-unknown")


def test_it_is_the_tenants_and_only_for_those_who_may_call_the_method() -> None:
    edge = shelf(lambda asked: paper() if asked.context["tenant"] == "tenant-b" else DrawerLocked("no"))
    assert edge.ask(ADDRESS, "GET", key=KEY_B).status_code == 200
    problem_of(edge.ask(ADDRESS, "GET", key=None), 401, "gateway.key-missing")
    problem_of(edge.ask(ADDRESS, "GET", key=KEY_C), 403, "gateway.method-not-granted")
    assert [asked.context["tenant"] for asked in edge.bus.asked] == ["tenant-b"]


@pytest.mark.parametrize(("error", "status"), [
    (DrawerLocked("locked"), 409), (BrokerUnavailable(details={"retry_after_s": 1}), 503), (NoReply("late"), 504),
    (InvalidArguments("'get_paper' got wrong arguments", details={"fields": {"paper_id": ["unknown"]}}), 400),
])
def test_what_the_service_says_is_a_problem(error: Any, status: int) -> None:
    answer = shelf(error).ask(ADDRESS, "GET")
    problem_of(answer, status, error.code)
    assert answer.headers["cache-control"] == "no-store"
    assert ("retry-after" in answer.headers) == (status == 503)


def test_without_a_file_it_is_404() -> None:
    problem_of(shelf(paper(content=None)).ask(ADDRESS, "GET"), 404, "gateway.document-absent")


def test_a_service_that_is_not_there_and_one_that_sends_no_base64() -> None:
    edge = shelf()
    del edge.bus.answers["shelf.get_paper"]
    problem_of(edge.ask(ADDRESS, "GET"), 503, "gateway.service-not-running")
    problem_of(shelf({**paper(), "content": "!no base64"}).ask(ADDRESS, "GET"), 500, "internal")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_it_is_only_read(method: str) -> None:
    edge = shelf()
    answer = edge.ask(ADDRESS, method)
    problem_of(answer, 405, "gateway.http-method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"
    assert edge.bus.asked == []


@pytest.mark.parametrize("path", [
    "%00.pdf", "%ff.pdf", "a%20b.pdf", "..%2f1.pdf", "x" * 65 + ".pdf", ".pdf", "pap_1", "a/b.pdf", "pap_1.PDF",
    "%E4%B8%AD.pdf", "pap_1.pdf.pdf",
])
def test_an_address_that_can_name_none_is_404_and_nobody_is_asked(path: str) -> None:
    edge = shelf()
    problem_of(edge.ask(f"/v1/shelf/papers/{path}", "GET"), 404, "gateway.path-unknown")
    assert edge.bus.asked == []


@pytest.mark.parametrize(("parts", "name"), [
    (["33010126", "0000000001"], "33010126-0000000001.pdf"), ([None, ""], "pap_1.pdf"), ([], "pap_1.pdf"),
    (['a"; x=y\r\nSet-Cookie: 1', "../..", "中文"], "a_x_y_Set-Cookie_1-_-_.pdf"), ([7], "7.pdf"),
    (["x" * 500], "x" * 100 + ".pdf"),
])
def test_a_name_holds_nothing_that_means_something_elsewhere(parts: list[Any], name: str) -> None:
    assert file_name(parts, "pap_1", ".pdf") == name


def test_a_deadline_is_the_apps() -> None:
    edge = shelf()
    edge.ask(ADDRESS, "GET", headers={"X-Timeout-S": "3"})
    assert edge.bus.asked[0].timeout_s == 3
    problem_of(edge.ask(ADDRESS, "GET", headers={"X-Timeout-S": "x"}), 400, "gateway.header-invalid")


def test_pages_of_other_hosts_may_get_it_when_they_may_call() -> None:
    edge = shelf(cors_origins=["https://app.example"])
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "authorization, if-none-match"}
    assert edge.ask(ADDRESS, "OPTIONS", key=None, headers=asked).status_code == 200
    answer = edge.ask(ADDRESS, "GET", headers={"Origin": "https://app.example"})
    assert "Content-Disposition" in answer.headers["access-control-expose-headers"]


def test_the_document_of_the_interface_has_it() -> None:
    document = shelf().ask("/openapi.json", "GET").json()
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    get = document["paths"][TEMPLATE]["get"]
    assert list(get["responses"]["200"]["content"]) == ["application/pdf"]
    assert set(get["responses"]) == {"200", "304", "400", "401", "403", "404", "409", "500", "503", "504"}
    assert get["parameters"][0]["name"] == "paper_id"
    content = document["components"]["schemas"]["shelf.Paper"]["properties"]["content"]
    assert (content["contentMediaType"], content["contentEncoding"]) == ("application/pdf", "base64")


def test_it_is_named_where_a_reader_looks() -> None:
    edge = shelf()
    assert f"GET {TEMPLATE}" in edge.ask("/docs", "GET").text
    assert TEMPLATE in problem_of(edge.ask("/nothing", "GET"), 404, "gateway.path-unknown")["details"]["available"]
    assert "gateway.document-absent" in edge.ask("/docs/errors", "GET").text


def test_a_receipt_is_one() -> None:
    edge = Edge({"payment.get_receipt": {"pdf_base64": base64.b64encode(FILE).decode(), "bill_code": "33010126",
                                         "bill_number": "0000000007"}}, contracts=CONTRACTS)
    answer = edge.ask("/v1/payment/receipts/rcp_1.pdf", "GET")
    assert answer.headers["content-disposition"] == 'attachment; filename="33010126-0000000007.pdf"'
    assert edge.bus.asked[0].kwargs == {"receipt_id": "rcp_1", "with_pdf": True}
