"""OpenAPI 3.1 of every public method, made from the same contracts as the routes."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apispec import APISpec

from services.gateway.adapters import headers
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.adapters.problems import MEDIA_TYPE
from shared_components.contracts.base import Message
from shared_components.contracts.json_schema import Direction, json_schema
from shared_components.kernel.errors import AppError

TITLE = "zhongtai"
SECURITY = "appKey"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong (RFC 9457). Programs decide by category and code; detail is for people.",
    "required": ["type", "title", "status", "detail", "code", "category", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["payment.order-not-payable"]},
        "category": {"type": "string", "examples": ["conflict"]},
        "trace_id": {"type": "string"},
        "fields": {"type": "object", "description": "Field errors: what is wrong with each."},
        "details": {"type": "object", "description": "Facts for programs."},
    },
}
_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    headers.IDEMPOTENCY_KEY: (
        "Asked again with the same key and body, a method does nothing twice and gives the same reply; the answer "
        "names the key that was made when none is given.", {"type": "string", "minLength": 1, "maxLength": 80}),
    headers.TIMEOUT: ("How long the app waits, in seconds.", {"type": "number", "exclusiveMinimum": 0}),
    headers.REQUEST_ID: ("The app's own id of this request; it comes back.", {"type": "string", "maxLength": 80}),
    "Accept-Language": ("zh or en.", {"type": "string"}),
    "traceparent": ("W3C trace context.", {"type": "string"}),
}
_AT_THE_DOOR = {
    400: "The request is not valid.", 401: "The app key is missing or not known.",
    403: "The app may not use this method.", 413: "The body is over the limit.", 415: "The body is not JSON.",
    503: "The service cannot answer now; nothing was done.", 504: "No reply in time: ask again with the same key.",
}


def openapi(operations: Operations, *, server_url: str, longest_timeout_s: float) -> dict[str, Any]:
    """The document as JSON-safe data."""
    spec = APISpec(
        TITLE, _version(operations), "3.1.0", servers=[{"url": server_url}], security=[{SECURITY: []}],
        info={"description": "The public methods of all services. 全部公开接口。", "license": {
            "name": "Apache-2.0", "identifier": "Apache-2.0"}},
        tags=[{"name": one.service, "description": one.summary or one.service} for one in operations.contracts
              if operations.of(one.service)],
    )
    spec.components.security_scheme(SECURITY, {"type": "http", "scheme": "bearer", "description": "The app's key."})
    spec.components.schema("Problem", PROBLEM_SCHEMA)
    for name, (text, schema) in _PARAMETERS.items():
        shape = {**schema, "maximum": longest_timeout_s} if name == headers.TIMEOUT else schema
        spec.components.parameter(name, "header", {"required": False, "description": text, "schema": shape})
    for name, schema in _schemas(operations).items():
        spec.components.schema(name, schema)
    for operation in operations:
        spec.path(operation.path, operations={"post": _post(operation)})
    document: dict[str, Any] = spec.to_dict()
    return document


def schema_name(service: str, schema: type[Message], direction: Direction) -> str:
    """A class may be read and written, and the two differ: a reply may gain fields, a request may not have more."""
    return f"{service}.{schema.__name__}" + (".Input" if direction == "input" else "")


def errors_by_status(operation: Operation) -> dict[int, list[type[AppError]]]:
    found: dict[int, list[type[AppError]]] = {}
    for kind in sorted(operation.contract.errors, key=lambda kind: kind.code):
        found.setdefault(kind.http_status, []).append(kind)
    return dict(sorted(found.items()))


def _version(operations: Operations) -> str:
    """The document changes when any contract does."""
    return "+".join(["1", *(f"{one.service}.{one.version}" for one in operations.contracts)])


def _schemas(operations: Operations) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for operation in operations:
        directions: tuple[tuple[type[Message], Direction], ...] = (
            (operation.contract.request, "input"), (operation.contract.reply, "output"))
        for schema, direction in directions:
            name = schema_name(operation.service, schema, direction)
            if name not in found:
                found[name] = json_schema(schema, direction)
    return found


def _post(operation: Operation) -> dict[str, Any]:
    contract = operation.contract
    request = schema_name(operation.service, contract.request, "input")
    reply = schema_name(operation.service, contract.reply, "output")
    names = [name for name in _PARAMETERS if contract.mutating or name != headers.IDEMPOTENCY_KEY]
    return {
        "operationId": operation.id.replace(".", "_"),
        "tags": [operation.service],
        "summary": contract.summary,
        "x-mutating": contract.mutating,
        "parameters": names,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _reference(request)}}},
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": _reference(reply)}}},
            **dict(_refusals(operation)),
        },
    }


def _refusals(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    declared = errors_by_status(operation)
    for status in sorted({*_AT_THE_DOOR, *declared}):
        codes = [f"`{kind.code}`: {kind.texts['en']}" for kind in declared.get(status, ())]
        parts = [*([_AT_THE_DOOR[status]] if status in _AT_THE_DOOR else []), *codes]
        yield str(status), {
            "description": "\n\n".join(parts),
            "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
        }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
