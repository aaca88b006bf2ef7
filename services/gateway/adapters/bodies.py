"""Reads request bodies: within a size, within a time, and only what is JSON."""
from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import ClientDisconnect

from services.gateway.adapters.exchange import Exchange
from services.gateway.adapters.json_objects import json_object
from services.gateway.domain.errors import BodyMalformed, BodyTooLarge, BodyTooSlow, MediaTypeUnsupported
from shared_components.kernel.bilingual import Bilingual

JSON = "application/json"


async def read_body(exchange: Exchange, *, limit: int, timeout_s: float) -> bytes:
    """The raw body. Raises BodyTooLarge, BodyTooSlow, MediaTypeUnsupported (compressed)."""
    encoding = exchange.given.get(b"content-encoding")
    if encoding is not None and encoding.lower() != "identity":
        raise MediaTypeUnsupported(Bilingual(
            "request body is compressed; only Content-Encoding: identity is allowed",
            "请求体经过压缩；只允许 Content-Encoding: identity"))
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(exchange, limit)
    except TimeoutError:
        raise BodyTooSlow(Bilingual(
            f"request body did not come within {timeout_s:g} s",
            f"请求体未在 {timeout_s:g} 秒内传完")) from None
    except ClientDisconnect:
        raise BodyMalformed(Bilingual("request body ended early", "请求体提前结束")) from None


async def read_json_object(exchange: Exchange, *, limit: int, timeout_s: float) -> dict[str, Any]:
    """An empty body is an empty object. Raises also MediaTypeUnsupported, BodyMalformed."""
    media_type = exchange.given.text(b"content-type").partition(";")[0].strip().lower()
    if media_type and media_type != JSON:
        raise MediaTypeUnsupported(Bilingual(
            f"request body is of another type; {JSON} is allowed",
            f"请求体类型不正确；只允许 {JSON}"))
    body = await read_body(exchange, limit=limit, timeout_s=timeout_s)
    if not body:
        return {}
    if not media_type:
        raise MediaTypeUnsupported(Bilingual(
            f"request body has no Content-Type; {JSON} is allowed",
            f"请求没有 Content-Type；应为 {JSON}"))
    return json_object(body)


async def _read(exchange: Exchange, limit: int) -> bytes:
    declared = exchange.given.text(b"content-length")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    parts, size = [], 0
    while not exchange.incoming.ended:
        part = await exchange.incoming.part()
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(Bilingual(
        f"request body is over the limit; at most {limit} bytes are allowed", f"请求体超过限制；最多允许 {limit} 字节"))
