"""POST /callbacks/…: what payment channels and outside systems report. Their signatures are judged by the services."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.adapters.bodies import read_body
from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.problems import headers_for, outside, title
from services.gateway.domain.errors import BodyMalformed, HttpMethodNotAllowed
from shared_components.bus.aio import AsyncBus
from shared_components.kernel.errors import AppError
from shared_components.security.errors import SignatureMissing
from shared_components.security.request_signing import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER

PAYMENT_PATH = "/callbacks/payment/{channel}"
MATTER_PATH = "/callbacks/matter/{case_id}/{step}"
MAX_BYTES = 64 * 1024
# Of all headers only those that a signature can be in; the rest (cookies, credentials) is nobody's business.
SIGNATURE_PREFIXES = ("x-zhongtai-", "wechatpay-", "content-type")
# The answers that payment channels read; WeChat Pay's form, which others have taken over.
TAKEN = {"code": "SUCCESS", "message": "成功"}
REFUSED = "FAIL"


class CallbackEndpoints:
    """tenant: whose data an outside system reports on; it has no credential of ours that could say."""

    def __init__(self, bus: AsyncBus, limits: Limits, *, tenant: str) -> None:
        self._bus = bus
        self._limits = limits
        self._tenant = tenant

    async def payment(self, request: Request) -> Response:
        """Answered as channels expect: 2xx means taken, anything else means send it again."""
        exchange = exchange_of(request)
        exchange.path, exchange.refusal = PAYMENT_PATH, channel_refusal
        body = await self._body(request)
        headers = {name: value for name, value in request.headers.items() if name.startswith(SIGNATURE_PREFIXES)}
        await self._call(request, "payment", "apply_channel_notification", body, {
            "channel": request.path_params["channel"], "headers": headers, "body": body,
        })
        return _json(TAKEN)

    async def matter(self, request: Request) -> Response:
        """Answers with the step's state after the callback."""
        exchange_of(request).path = MATTER_PATH
        body = await self._body(request)
        signed = {
            "key_id": _required(request, KEY_ID_HEADER), "timestamp": _required(request, TIMESTAMP_HEADER),
            "signature": _required(request, SIGNATURE_HEADER),
        }
        result = await self._call(request, "matter", "receive_callback", body, {
            "case_id": request.path_params["case_id"], "step": request.path_params["step"], "body": body, **signed,
        })
        return _json(result)

    async def _body(self, request: Request) -> str:
        if request.method != "POST":
            raise HttpMethodNotAllowed(
                f"HTTP method is {request.method[:20]}; POST is allowed", details={"allow": ["POST"]})
        raw = await read_body(request, limit=MAX_BYTES, timeout_s=self._limits.body_timeout_s)
        try:
            # The signature is over the bytes: text that is not exactly theirs again would be worth nothing.
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise BodyMalformed("request body is not UTF-8 text") from None

    async def _call(
        self, request: Request, service: str, method: str, body: str, arguments: Mapping[str, Any],
    ) -> Any:
        return await timed_call(
            self._bus, service, method, arguments, timeout_s=self._limits.default_timeout_s,
            op_id=operation_id(request.scope["path"], arguments), context=exchange_of(request).context(self._tenant))


def channel_refusal(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    """What is wrong, as a channel's log shows it to whoever looks after it there."""
    shown = outside(error)
    content = {"code": REFUSED, "message": title(shown, locale), "trace_id": trace_id}
    return Response(orjson.dumps(content), shown.http_status, headers_for(shown), media_type="application/json")


def operation_id(path: str, arguments: Mapping[str, Any]) -> str:
    """The same for the same callback sent again as it was; a new signature on the same body is another request."""
    content = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS)
    return "callback:" + hashlib.sha256(path.encode() + b"\0" + content).hexdigest()


def _required(request: Request, name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise SignatureMissing(f"header {name} is missing; a signed request has all three X-Zhongtai headers")
    return value


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
