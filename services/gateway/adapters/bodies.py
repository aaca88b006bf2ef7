"""Reads request bodies: within a size, within a time, and only what is JSON."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from services.gateway.domain.errors import BodyMalformed, BodyTooLarge, BodyTooSlow, MediaTypeUnsupported

JSON = "application/json"
# Read and thrown away, so that a client that is still sending gets to read the refusal.
MOST_THROWN_AWAY = 8 * 1024 * 1024


async def read_body(request: Request, *, limit: int, timeout_s: float) -> bytes:
    """The raw body. Raises BodyTooLarge, BodyTooSlow, MediaTypeUnsupported (compressed)."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeUnsupported("request body is compressed; only Content-Encoding: identity is allowed")
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(request, limit)
    except TimeoutError:
        raise BodyTooSlow(f"request body did not come within {timeout_s:g} s") from None
    except ClientDisconnect:
        raise BodyMalformed("request body ended early") from None


async def read_json_object(request: Request, *, limit: int, timeout_s: float) -> dict[str, Any]:
    """An empty body is an empty object. Raises also MediaTypeUnsupported, BodyMalformed."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and media_type != JSON:
        raise MediaTypeUnsupported(f"request body is of another type; {JSON} is allowed")
    body = await read_body(request, limit=limit, timeout_s=timeout_s)
    if not body:
        return {}
    if not media_type:
        raise MediaTypeUnsupported(f"request body has no Content-Type; {JSON} is allowed")
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        # the parser's own message may quote the body
        raise BodyMalformed("request body is not JSON in UTF-8; a JSON object is allowed") from None
    if not isinstance(content, dict):
        raise BodyMalformed("request body is JSON and no object; a JSON object is allowed")
    return content


async def _read(request: Request, limit: int) -> bytes:
    stream = request.stream()
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        await _throw_away(stream, already=0)
        raise _too_large(limit)
    parts, size = [], 0
    async for part in stream:
        size += len(part)
        if size > limit:
            await _throw_away(stream, already=size)
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


async def _throw_away(stream: AsyncIterator[bytes], *, already: int) -> None:
    async for part in stream:
        already += len(part)
        if already > MOST_THROWN_AWAY:
            return


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"request body is over the limit; at most {limit} bytes are allowed")
