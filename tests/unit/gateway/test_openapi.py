"""The OpenAPI document: valid, complete, and its examples are what it says."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.pages.examples import example
from tests.unit.gateway.test_methods import CONTRACTS, OPEN
from tests.unit.gateway.world import OTHER, TILL, URL, Edge, Write

Post = dict[str, Any]
FILES = [path for operation in Operations(CONTRACTS) if (path := operation.document_path) is not None]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document of all services, as it is served."""
    served: dict[str, Any] = Edge(contracts=CONTRACTS).ask(
        "/openapi.json", "GET", key=None, headers={"Accept-Language": "en"}).json()
    return served


def posts(document: dict[str, Any]) -> Iterator[tuple[str, Post]]:
    for path, item in document["paths"].items():
        if path not in FILES:
            assert list(item) == ["post"], path
            yield path, item["post"]


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a `$ref` into the document's components."""
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": URL}]


def test_every_schema_in_it_is_a_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_has_every_public_method_and_no_other(document: dict[str, Any]) -> None:
    addresses = [f"/v1/{service}/{name.replace('_', '-')}" for service, name in OPEN]
    assert sorted(document["paths"]) == sorted([*addresses, *FILES])
    assert len({post["operationId"] for _, post in posts(document)}) == len(OPEN)
    assert {tag["name"] for tag in document["tags"]} == {service for service, _ in OPEN}


def test_what_is_for_services_only_is_not_in_it() -> None:
    document = openapi(Operations([TILL, OTHER]), server_url=URL, longest_timeout_s=60)
    assert set(document["paths"]) == {"/v1/till/read", "/v1/till/write-order", "/v1/other/look"}


def test_every_method_has_its_errors_and_those_of_the_door(document: dict[str, Any]) -> None:
    by_path = {operation.path: operation.contract for operation in Operations(CONTRACTS)}
    for path, post in posts(document):
        contract, answers = by_path[path], post["responses"]
        assert set(answers) >= {"200", "400", "401", "403", "408", "413", "415", "500", "503", "504"}, path
        assert ("409" in answers) >= contract.mutating, path
        for kind in contract.errors:
            assert f"`{kind.code}`" in answers[str(kind.http_status)]["description"], path
        told = {code for answer in answers.values() for code in answer.get("x-error-codes", ())}
        assert told == {kind.code for kind in contract.errors}, "for programs, each by its status"
        for status, answer in answers.items():
            media_type = "application/json" if status == "200" else "application/problem+json"
            assert list(answer["content"]) == [media_type]
            assert answer["description"]


def test_a_method_that_changes_something_takes_a_key_and_names_it(document: dict[str, Any]) -> None:
    by_path = {operation.path: operation.contract for operation in Operations(CONTRACTS)}
    for path, post in posts(document):
        names = [resolved(document, parameter)["name"] for parameter in post["parameters"]]
        mutating = by_path[path].mutating
        assert ("Idempotency-Key" in names) == ("Idempotency-Key" in post["responses"]["200"]["headers"]) == mutating
        assert set(names) >= {"X-Timeout-S", "X-Request-Id", "Accept-Language", "traceparent"}
        assert "Retry-After" in post["responses"]["503"]["headers"]
        assert "WWW-Authenticate" in post["responses"]["401"]["headers"]


def test_every_answer_of_the_edge_is_as_the_document_says(document: dict[str, Any]) -> None:
    edge = Edge()
    problem = Draft202012Validator(document["components"]["schemas"]["Problem"])
    own = openapi(Operations([TILL, OTHER]), server_url=URL, longest_timeout_s=60)
    for answer in (edge.read(key=None), edge.read(headers={"X-Timeout-S": "x"}), edge.write(content=b"["),
                   edge.write(headers={"Idempotency-Key": "1"}), edge.write(headers={"Idempotency-Key": "1"}, json={})):
        told = own["paths"]["/v1/till/write-order"]["post"]["responses"][str(answer.status_code)]
        assert answer.headers["content-type"] in told["content"]
        if answer.status_code != 200:
            problem.validate(answer.json())


def test_every_example_is_valid_by_its_schema(document: dict[str, Any]) -> None:
    for path, post in posts(document):
        media = post["requestBody"]["content"]["application/json"]
        Draft202012Validator(resolved(document, media["schema"])).validate(media["example"])
        assert set(resolved(document, media["schema"]).get("required", ())) <= set(media["example"]), path


def test_an_example_says_what_the_demonstration_has() -> None:
    document = openapi(Operations(CONTRACTS), server_url=URL, longest_timeout_s=60)
    body = document["paths"]["/v1/payment/create-order"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["lines"] == [{"item_code": "driving-licence-card", "quantity": 1}]


def test_an_example_of_fields_that_nobody_foresaw_is_valid_too() -> None:
    document = openapi(Operations([TILL]), server_url=URL, longest_timeout_s=60)
    body = document["paths"]["/v1/till/write-order"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["lines"] == [{"item_code": "A" * 21, "quantity": 2}]
    Write().load(body["example"])


@pytest.mark.parametrize("schema", [
    {"type": "string", "minLength": 5, "maxLength": 5}, {"type": "string", "enum": ["a", "b"]}, {"const": 7},
    {"type": ["string", "null"], "format": "date"}, {"type": "number", "exclusiveMinimum": 3}, {"type": "boolean"},
    {"type": "integer", "maximum": -4}, {"type": "array", "minItems": 2, "items": {"type": "integer"}},
    {"type": "object"}, {"type": "null"}, {"type": "string", "examples": ["x-1"], "pattern": "^x-[0-9]$"}, {},
    {"type": "array"}, {"type": "string", "pattern": "^1[3-9][0-9]{9}$"},
])
def test_any_schema_has_a_valid_example(schema: dict[str, Any]) -> None:
    Draft202012Validator(schema).validate(example(schema))


def test_it_is_asked_for_again_only_when_it_has_changed() -> None:
    edge = Edge()
    first = edge.ask("/openapi.json", "GET")
    again = edge.ask("/openapi.json", "GET", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert Edge(contracts=[TILL]).ask("/openapi.json", "GET").headers["etag"] != first.headers["etag"]


def test_it_is_in_the_reader_s_language_chinese_first() -> None:
    edge = Edge(contracts=CONTRACTS)
    asked: dict[str, dict[str, Any]] = {
        "nothing": {}, "zh": {"headers": {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.1"}},
        "en": {"headers": {"Accept-Language": "en-GB"}},
    }
    got = {name: edge.ask("/openapi.json", "GET", key=None, **more) for name, more in asked.items()}
    assert got["nothing"].content == got["zh"].content != got["en"].content
    assert edge.ask("/openapi.json?lang=en", "GET", key=None).content == got["en"].content
    assert edge.ask(
        "/openapi.json?lang=zh", "GET", key=None, headers={"Accept-Language": "en"}).content == got["zh"].content
    for name, code in (("zh", "zh-CN"), ("en", "en")):
        assert got[name].headers["Content-Language"] == code
        assert "Accept-Language" in got[name].headers["Vary"]
        document = got[name].json()
        assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
        assert "x-description-zh" not in got[name].text
        texts = [*_descriptions(document)]
        chinese = [text for text in texts if any("\u4e00" <= letter <= "\u9fff" for letter in text)]
        assert len(chinese) == len(texts) if name == "zh" else len(chinese) < len(texts) / 5


def test_every_property_and_reply_in_it_is_explained(document: dict[str, Any]) -> None:
    missing = [f"{name}.{key}" for name, schema in document["components"]["schemas"].items()
               for key, inner in schema["properties"].items() if not inner.get("description")]
    assert missing == []
    for path, post in posts(document):
        media = post["responses"]["200"]["content"]["application/json"]
        Draft202012Validator(resolved(document, media["schema"])).validate(media["example"])
        assert post["summary"], path


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _descriptions(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("description", "summary") and isinstance(value, str):
                yield value
            elif key not in ("example", "examples"):
                yield from _descriptions(value)
