"""POST /callbacks/…: what payment channels, carriers and outside systems report; services judge their signatures."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.adapters.bodies import read_body
from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.channel_answers import refusal, taken
from services.gateway.adapters.exchange import exchange_of
from services.gateway.domain.errors import BodyMalformed, HttpMethodNotAllowed
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.errors import SignatureMissing
from shared_components.security.request_signing import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER

PAYMENT_PATH = "/callbacks/payment/{channel}"
RECEIPT_PATH = "/callbacks/notification/{provider}"
MATTER_PATH = "/callbacks/matter/{case_id}/{step}"
FORM = "application/x-www-form-urlencoded"
ASCII = "".join(map(chr, range(128)))
MAX_BYTES = 64 * 1024
# Of all headers only those that a signature can be in; the rest (cookies, credentials) is nobody's business.
SIGNATURE_PREFIXES = ("x-zhongtai-", "wechatpay-", "content-type")


class CallbackEndpoints:
    """tenant: what the bus asks of every message. An outside system has no credential of ours that could name one, so
    the services go by the tenant of the order or case that the callback is about, and never by this one.
    """

    def __init__(self, bus: AsyncBus, limits: Limits, *, tenant: str) -> None:
        self._bus = bus
        self._limits = limits
        self._tenant = tenant

    async def payment(self, request: Request) -> Response:
        """Answered in the channel's own words: taken, or send it again."""
        exchange, channel = exchange_of(request), request.path_params["channel"]
        exchange.path, exchange.refusal = PAYMENT_PATH, refusal(channel)
        body = await self._body(request)
        await self._call(request, "payment", "apply_channel_notification", body, {
            "channel": channel, "headers": _signature_headers(request), "body": body,
        })
        return taken(channel)

    async def receipt(self, request: Request) -> Response:
        """Answered in the carrier's own words, too. ?token= is of carriers that sign nothing."""
        exchange, provider = exchange_of(request), request.path_params["provider"]
        exchange.path, exchange.refusal = RECEIPT_PATH, refusal(provider)
        body = await self._body(request)
        await self._call(request, "notification", "record_receipt", body, {
            "provider": provider, "headers": _signature_headers(request), "body": body,
            "token": request.query_params.get("token"),
        })
        return taken(provider)

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
                Bilingual(
                    f"HTTP method is {request.method[:20]}; POST is allowed",
                    f"HTTP 方法为 {request.method[:20]}；只允许 POST"), details={"allow": ["POST"]})
        raw = await read_body(exchange_of(request), limit=MAX_BYTES, timeout_s=self._limits.body_timeout_s)
        try:
            # The signature is over the bytes: text that is not exactly theirs again would be worth nothing.
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
                # Within a form a byte and its percent code mean the same; who verifies it wants the bytes, and does not
                # know them to be UTF-8: Alipay declares the charset within.
                return quote(raw, safe=ASCII)
            raise BodyMalformed(Bilingual("request body is not UTF-8 text", "请求体不是 UTF-8 文本")) from None

    async def _call(
        self, request: Request, service: str, method: str, body: str, arguments: Mapping[str, Any],
    ) -> Any:
        return await timed_call(
            self._bus, service, method, arguments, timeout_s=self._limits.default_timeout_s,
            op_id=operation_id(request.scope["path"], arguments), context=exchange_of(request).context(self._tenant))


def operation_id(path: str, arguments: Mapping[str, Any]) -> str:
    """The same for the same callback sent again as it was; a new signature on the same body is another request."""
    content = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS)
    return "callback:" + hashlib.sha256(path.encode() + b"\0" + content).hexdigest()


def _signature_headers(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.startswith(SIGNATURE_PREFIXES)}


def _required(request: Request, name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise SignatureMissing(Bilingual(
            f"header {name} is missing; a signed request has all three X-Zhongtai headers",
            f"缺少请求头 {name}；签名请求须带齐三个 X-Zhongtai 请求头"))
    return value


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
