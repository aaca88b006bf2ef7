"""OpenAPI 3.1 of every public method, made from the same contracts as the routes."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from apispec import APISpec

from services.gateway.adapters import headers
from services.gateway.adapters.documents import ID_PATTERN
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.adapters.pages.examples import example
from services.gateway.adapters.problems import AUTHENTICATE, MEDIA_TYPE, RETRY_AFTER
from services.gateway.adapters.texts import error_text, in_language, say, summary
from services.gateway.domain.errors import DocumentAbsent
from shared_components.bus.errors import OperationReused
from shared_components.contracts.base import Message
from shared_components.contracts.deprecation import UNTIL
from shared_components.contracts.documents import media_type
from shared_components.contracts.json_schema import Direction, json_schema
from shared_components.contracts.registry import DocumentContract, MethodContract
from shared_components.kernel.errors import AppError
from shared_components.kernel.languages import Language

TITLE = "zhongtai"
SECURITY = "appKey"
APP_KEY, SESSION = "appKeyOfSession", "session"
ERROR_CODES = "x-error-codes"
"""Codes that the method itself may answer with a status, for programs; the description has them with their texts."""
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong (RFC 9457). Programs decide by category and code; detail is for people.",
    "required": ["type", "title", "status", "detail", "code", "category", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where the code is explained."},
        "title": {"type": "string", "description": "What is wrong in general, in the language asked for."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong this time, for people."},
        "code": {"type": "string", "description": "The error's code, by which programs decide.",
                 "examples": ["payment.order-not-payable"]},
        "category": {"type": "string", "description": "The error's category; each has one HTTP status.",
                     "examples": ["conflict"]},
        "trace_id": {"type": "string", "description": "The id that finds the call in the platform's log."},
        "fields": {"type": "object", "description": "Field errors: what is wrong with each."},
        "details": {"type": "object", "description": "Facts for programs."},
    },
}
_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    headers.IDEMPOTENCY_KEY: (
        "Asked again with the same key and body, a method does nothing twice and gives the same reply; the answer "
        "names the key that was made when none is given.",
        {"type": "string", "pattern": f"^{headers.KEY_PATTERN}$", "examples": ["renewal-2026-0001"]}),
    headers.TIMEOUT: (
        "How long the app waits, in seconds.", {"type": "number", "minimum": headers.SHORTEST_TIMEOUT_S}),
    headers.REQUEST_ID: (
        "The app's own id of this request, 1 to 80 characters like those of an Idempotency-Key; it comes back, or one "
        "that is made in its place.", {"type": "string"}),
    "Accept-Language": ("zh or en.", {"type": "string", "examples": ["zh-CN", "en"]}),
    "traceparent": ("W3C trace context; without one a trace is begun.", {"type": "string"}),
}
_ANSWER_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    headers.REQUEST_ID: ("The id of this request.", {"type": "string"}),
    headers.IDEMPOTENCY_KEY: ("The key to ask again with.", {"type": "string"}),
    RETRY_AFTER: ("Seconds to wait before asking again.", {"type": "integer", "minimum": 1}),
    AUTHENTICATE: ("How to show who is calling.", {"type": "string"}),
}
_ONLY_WITH = {RETRY_AFTER: (429, 503), AUTHENTICATE: (401,)}
_AT_THE_DOOR = {
    400: "The request is not valid.", 401: "The app key is missing or not known.",
    403: "The app may not use this method.", 408: "The body did not come in time.", 413: "The body is over the limit.",
    415: "The body is not JSON.", 500: "A mistake of the platform; trace_id finds it in its log.",
    503: "The service cannot answer now; nothing was done.", 504: "No reply in time: ask again with the same key.",
}
_AT_THE_DOOR_OF_A_FILE = {
    **{status: text for status, text in _AT_THE_DOOR.items() if status not in (408, 413, 415)},
    504: "No reply in time: ask again.",
}
_FILE_HEADERS = {
    "ETag": "What the file is; ask again with If-None-Match.", "Content-Disposition": "The file's name.",
    "Cache-Control": "It is for this app alone, and to be asked for anew.",
}


def openapi(
    operations: Operations, *, server_url: str, longest_timeout_s: float, language: Language = "en",
) -> dict[str, Any]:
    """The document as JSON-safe data, its texts in one language."""
    spec = APISpec(
        TITLE, _version(operations), "3.1.0", servers=[{"url": server_url}],
        security=[{SECURITY: []}, {APP_KEY: [], SESSION: []}],
        info={"description": say("The public methods of all services.", language), "license": {
            "name": "Apache-2.0", "identifier": "Apache-2.0"}},
        tags=[{"name": one.service, "description": summary(one, language) or one.service}
              for one in operations.contracts if operations.of(one.service)],
    )
    spec.components.security_scheme(SECURITY, {
        "type": "http", "scheme": "bearer", "description": say("The app's key.", language)})
    spec.components.security_scheme(APP_KEY, {
        "type": "apiKey", "in": "header", "name": "Zhongtai-App-Key",
        "description": say("The app's key, beside a person's access token.", language)})
    spec.components.security_scheme(SESSION, {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": say("A person's access token; it counts only with the key of its app.", language)})
    spec.components.schema("Problem", _problem_schema(language))
    for name, (text, schema) in _ANSWER_HEADERS.items():
        spec.components.header(name, {"description": say(text, language), "schema": schema})
    for name, (text, schema) in _PARAMETERS.items():
        shape = {**schema, "maximum": longest_timeout_s} if name == headers.TIMEOUT else schema
        spec.components.parameter(name, "header", {
            "required": False, "description": say(text, language), "schema": shape})
    for name, schema in _schemas(operations).items():
        spec.components.schema(name, in_language(schema, language))
    for operation in operations:
        spec.path(operation.path, operations={"post": _post(operation, language)})
        if operation.contract.document is not None:
            spec.path(str(operation.document_path), operations={
                "get": _get(operation, operation.contract.document, language)})
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


def _post(operation: Operation, language: Language) -> dict[str, Any]:
    contract = operation.contract
    request = schema_name(operation.service, contract.request, "input")
    reply = schema_name(operation.service, contract.reply, "output")
    names = [name for name in _PARAMETERS if contract.mutating or name != headers.IDEMPOTENCY_KEY]
    return {
        "operationId": operation.id.replace(".", "_"),
        "tags": [operation.service],
        "summary": summary(contract, language),
        "x-mutating": contract.mutating,
        **_deprecated(contract, language),
        **({} if contract.rule is None else {"x-rule": contract.rule.exported()}),
        "parameters": names,
        "requestBody": {"required": True, "content": {"application/json": {
            "schema": _reference(request), "example": request_example(operation)}}},
        "responses": {
            "200": {"description": say("Done.", language), "headers": _headers(operation, 200),
                    "content": {"application/json": {"schema": _reference(reply), **_reply_example(operation)}}},
            **dict(_refusals(operation, language)),
        },
    }


def _deprecated(contract: MethodContract, language: Language) -> dict[str, Any]:
    due = contract.deprecated
    if due is None:
        return {}
    told = f"至 {due.until} 为止。{due.use_zh}" if language == "zh" else f"Until {due.until}. {due.use}"
    return {"deprecated": True, "description": told, UNTIL: due.until.isoformat()}


def _get(operation: Operation, document: DocumentContract, language: Language) -> dict[str, Any]:
    """HEAD is answered too; a document that says so has the same thing twice."""
    request = json_schema(operation.contract.request, "input")
    kind = media_type(operation.contract, document)
    return {
        "operationId": f"{operation.id.replace('.', '_')}_document",
        "tags": [operation.service],
        "summary": summary(operation.contract, language),
        "description": _of_file(operation, document, language),
        "parameters": [
            {"name": document.place, "in": "path", "required": True,
             "schema": {"type": "string", "pattern": ID_PATTERN}, "example": example(
                 request["properties"][document.place], document.place)},
            {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
             "description": say("The ETag of the file that the app has.", language)},
            *(name for name in _PARAMETERS if name != headers.IDEMPOTENCY_KEY)],
        "responses": {
            "200": {"description": say("The file.", language), "headers": _headers(operation, 200) | {
                        name: _told(say(text, language)) for name, text in _FILE_HEADERS.items()},
                    "content": {str(kind): {"schema": {"type": "string", "contentMediaType": kind}}}},
            "304": {"description": say("The app has it already.", language), "headers": {
                "ETag": _told(say(_FILE_HEADERS["ETag"], language))}},
            **dict(_refusals(operation, language, _AT_THE_DOOR_OF_A_FILE, {404: DocumentAbsent})),
        },
    }


def _code(kind: type[AppError], language: Language) -> str:
    return f"`{kind.code}`: {error_text(kind, language)}"


def _of_file(operation: Operation, document: DocumentContract, language: Language) -> str:
    if language == "zh":
        return f"以文件形式返回 `{operation.path}` 中的 `{document.reply_field}`，也支持 HEAD。"
    return f"What `{operation.path}` has in `{document.reply_field}`, as a file. HEAD is answered too."


def _problem_schema(language: Language) -> dict[str, Any]:
    inner = {name: {**schema, "description": say(schema["description"], language)}
             for name, schema in PROBLEM_SCHEMA["properties"].items()}
    return {**PROBLEM_SCHEMA, "description": say(PROBLEM_SCHEMA["description"], language), "properties": inner}


def request_example(operation: Operation) -> Any:
    """The contract's own, else one that the schema takes."""
    if "request" in operation.example:
        return operation.example["request"]
    return example(json_schema(operation.contract.request, "input"))


def _reply_example(operation: Operation) -> dict[str, Any]:
    return {"example": operation.example["reply"]} if "reply" in operation.example else {}


def _told(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _refusals(
    operation: Operation, language: Language, doors: Mapping[int, str] = _AT_THE_DOOR,
    own: Mapping[int, type[AppError]] = MappingProxyType({}),
) -> Iterator[tuple[str, dict[str, Any]]]:
    """own: errors of the edge itself that are told by their code."""
    declared = errors_by_status(operation)
    own = {**own, **({409: OperationReused} if operation.contract.mutating else {})}
    general = {status: say(text, language) for status, text in doors.items()} | {
        status: _code(kind, language) for status, kind in own.items()}
    for status in sorted({*general, *declared}):
        kinds = declared.get(status, [])
        codes = [_code(kind, language) for kind in kinds]
        yield str(status), {
            "description": "\n\n".join([*([general[status]] if status in general else []), *codes]),
            "headers": _headers(operation, status),
            **({ERROR_CODES: [kind.code for kind in kinds]} if kinds else {}),
            "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
        }


def _headers(operation: Operation, status: int) -> dict[str, str]:
    """By name, for apispec to refer to. The key is told once the request is known to be one."""
    names = {headers.REQUEST_ID} | {name for name, statuses in _ONLY_WITH.items() if status in statuses}
    if operation.contract.mutating and status in (200, 409, 503, 504):
        names.add(headers.IDEMPOTENCY_KEY)
    return {name: name for name in _ANSWER_HEADERS if name in names}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
