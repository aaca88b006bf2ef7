"""The stub over HTTP, at the gateway's addresses; `/stub/…` is for tests in any language.

PUT /stub/answers/payment.create_order  {"returns": {…}} | {"fails": "payment.order-too-large"}, with "delays": s
and "loses_the_reply": true where wanted. DELETE /stub/answers forgets all. GET /stub/calls lists what came.
"""
from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared_components.contracts.registry import HTTP_PREFIX
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, InvalidInput, Unauthenticated
from shared_components.kernel.strict_json import JsonRefused
from shared_components.testing.stub.answers import StubbedMethod, StubServices
from shared_components.testing.stub.errors import StubAnswerInvalid

PROBLEM = "application/problem+json"
WORDS = ("returns", "fails", "details", "delays", "loses_the_reply")
MOST_BYTES = 256 * 1024


def stub_app(services: StubServices) -> Starlette:
    """The app; it keeps what tests put in `services`."""
    async def call(request: Request) -> Response:
        if not request.headers.get("authorization"):
            raise Unauthenticated(Bilingual("the app key is missing", "缺少应用密钥"))
        path = request.path_params
        given = await _object(request)
        answer = services.answer(
            path["service"], path["method"].replace("-", "_"), given, request.headers.get("idempotency-key"))
        await asyncio.sleep(answer.delay_s)
        if answer.error is not None:
            raise answer.error
        if answer.lost:
            return JSONResponse(_problem("outcome-unknown", "outcome-unknown", 504, "No reply in time."), 504)
        return JSONResponse(answer.result)

    async def put(request: Request) -> Response:
        _put(services.stub(request.path_params["target"]), await _object(request))
        return Response(status_code=204)

    async def forget(request: Request) -> Response:
        services.reset()
        return Response(status_code=204)

    async def calls(request: Request) -> Response:
        return JSONResponse({"calls": [
            {"method": call.target, "request": call.request, "op_id": call.op_id, "code": call.code}
            for call in services.calls()]})

    return Starlette(
        routes=[
            Route(HTTP_PREFIX + "/{service}/{method}", call, methods=["POST"]),
            Route("/stub/answers/{target}", put, methods=["PUT"]),
            Route("/stub/answers", forget, methods=["DELETE"]),
            Route("/stub/calls", calls),
        ],
        exception_handlers={AppError: _refused})


def _put(method: StubbedMethod, given: Mapping[str, Any]) -> None:
    """Raises StubAnswerInvalid for words that the stub does not know."""
    if unknown := sorted(set(given) - set(WORDS)):
        raise StubAnswerInvalid(Bilingual(
            f"stub of {method.target}: '{unknown[0][:40]}' is not known; known are: {', '.join(WORDS)}",
            f"{method.target} 的预设中“{unknown[0][:40]}”无法识别；可用：{'、'.join(WORDS)}"))
    for word, kind in (("returns", dict), ("fails", str), ("delays", (int, float))):
        if word in given and not isinstance(given[word], kind):
            raise StubAnswerInvalid(Bilingual(
                f"stub of {method.target}: '{word}' has a wrong type", f"{method.target} 的预设中“{word}”类型不正确"))
    if "returns" in given:
        method.returns(given["returns"])
    if "fails" in given:
        method.fails(given["fails"], details=given.get("details"))
    if "delays" in given:
        method.delays(given["delays"])
    if given.get("loses_the_reply"):
        method.loses_the_reply()


async def _object(request: Request) -> dict[str, Any]:
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise InvalidInput(Bilingual(f"the body has over {MOST_BYTES} bytes", f"正文超过 {MOST_BYTES} 字节"))
    try:
        value = strict_json.read(body or b"{}")
    except JsonRefused as refused:
        raise InvalidInput(Bilingual(f"the body is not JSON: {refused}", f"正文不是 JSON：{refused.zh}")) from None
    if not isinstance(value, dict):
        raise InvalidInput(Bilingual("the body is no JSON object", "正文不是 JSON 对象"))
    return value


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    locale = request.headers.get("accept-language", "zh")
    problem = _problem(error.category, error.code, error.http_status, error.message_in(locale))
    fields = error.fields_in(locale)
    problem |= {"fields": fields} if fields else {}
    body = orjson.dumps(problem | {"details": error.details}, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, error.http_status, media_type=PROBLEM)


def _problem(category: str, code: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": f"/docs/errors#{code}", "title": detail, "status": status, "detail": detail, "code": code,
            "category": category, "trace_id": secrets.token_hex(16)}
