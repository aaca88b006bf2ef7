"""Files by stream, past the bus: PUT /materials/uploads/TICKET and /jobs/uploads/TICKET,
GET /materials/downloads/TICKET and /documents/downloads/TICKET.

The ticket is the credential: a service gave it for one file, after it had decided who may. Contents go to the store,
encrypted with a key that the service keeps. Threads do not write pieces: beside green services there are none.
"""
from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.exchange import Exchange, exchange_of
from services.gateway.domain.errors import (
    BodyMalformed,
    BodyTooLarge,
    BodyTooSlow,
    FileInfected,
    HttpMethodNotAllowed,
    MediaTypeUnsupported,
    PathUnknown,
)
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.errors import AppError, OutcomeUnknown
from shared_components.kernel.ids import new_id
from shared_components.material_store import MEDIA_TYPES, MaterialStore, Sealer, media_type_of, opened, text_type_of
from shared_components.material_store.media_types import HEAD_BYTES

UPLOAD_PATH, DOWNLOAD_PATH = "/materials/uploads/{ticket}", "/materials/downloads/{ticket}"
DOCUMENT_PATH = "/documents/downloads/{ticket}"
JOB_UPLOAD_PATH = "/jobs/uploads/{ticket}"
UPLOAD_TIMEOUT_S = 120.0
_TICKET = re.compile(r"[A-Za-z0-9_-]{20,100}")


class Scan(Protocol):
    """The scan of one file, which it is given part by part."""

    async def feed(self, part: bytes) -> None: ...

    async def is_clean(self) -> bool:
        """Raises Unavailable when the scanner does not answer."""
        ...


class Scanner(Protocol):
    async def begin(self) -> Scan:
        """Raises Unavailable."""
        ...


class NoScanner:
    """Takes every file: for development, and where another system scans the store."""

    async def begin(self) -> NoScanner:
        return self

    async def feed(self, part: bytes) -> None:
        return None

    async def is_clean(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one service: their path, its methods, and how the type of a content is told by its head."""

    path: str
    service: str
    open: str
    finish: str
    type_of: Callable[[bytes], str | None]


MATERIALS = Uploads(UPLOAD_PATH, "matter", "open_upload", "finish_upload", media_type_of)
JOB_FILES = Uploads(JOB_UPLOAD_PATH, "notification", "open_job_upload", "finish_job_upload", text_type_of)


class MaterialEndpoints:
    """tenant: what the bus asks of every message; the ticket says whose file it is."""

    def __init__(self, bus: AsyncBus, limits: Limits, store: MaterialStore, scanner: Scanner, *, tenant: str) -> None:
        self._bus, self._limits, self._store, self._scanner = bus, limits, store, scanner
        self._tenant = tenant

    async def upload(self, request: Request) -> Response:
        return await self._upload(request, MATERIALS)

    async def upload_job_file(self, request: Request) -> Response:
        return await self._upload(request, JOB_FILES)

    async def _upload(self, request: Request, uploads: Uploads) -> Response:
        exchange, ticket = self._begin(request, uploads.path, "PUT")
        allowed = await self._ask(exchange, uploads.service, uploads.open, {"ticket": ticket})
        received = _Received(uploads.type_of)
        scan = await self._scanner.begin()
        sealer, content_id = Sealer(bytes.fromhex(allowed["key"]), allowed["content_id"]), allowed["content_id"]
        with self._store.writing(content_id) as writer:
            async for part in _parts(exchange, int(allowed["size"])):
                received.take(part)
                if received.head_is_whole:
                    _require_type(received, allowed["media_types"])
                await scan.feed(part)
                writer.write(sealer.seal(part))
            _require_type(received, allowed["media_types"])
            if not await scan.is_clean():
                raise FileInfected(Bilingual("file was refused by the virus scanner", "文件未通过病毒查杀"))
            writer.write(sealer.finish())
        given = await self._finish(exchange, uploads, ticket, content_id, received)
        return Response(orjson.dumps(given), media_type="application/json")

    async def download(self, request: Request) -> Response:
        return await self._given(request, DOWNLOAD_PATH, "take_download")

    async def download_document(self, request: Request) -> Response:
        return await self._given(request, DOCUMENT_PATH, "take_document")

    async def _given(self, request: Request, path: str, method: str) -> Response:
        """method: of matter; it tells what the ticket is for, and takes the ticket."""
        exchange, ticket = self._begin(request, path, "GET")
        found = await self._ask(exchange, "matter", method, {"ticket": ticket})
        pieces = opened(bytes.fromhex(found["key"]), found["content_id"], self._store.read(found["content_id"]))
        # Before the answer begins: a content that is missing or was changed is told as an error.
        first = next(pieces)
        media_type = str(found["media_types"][0])
        name = f"{found['material_id']}{MEDIA_TYPES.get(media_type, '')}"
        return StreamingResponse(_from(first, pieces), media_type=media_type, headers={
            "Content-Length": str(found["size"]), "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{name}"'})

    def _begin(self, request: Request, path: str, method: str) -> tuple[Exchange, str]:
        exchange, ticket = exchange_of(request), str(request.path_params["ticket"])
        exchange.path = path
        if request.method != method:
            raise HttpMethodNotAllowed(
                Bilingual(
                    f"HTTP method is {request.method[:20]}; {method} is allowed",
                    f"HTTP 方法为 {request.method[:20]}；只允许 {method}"), details={"allow": [method]})
        if not _TICKET.fullmatch(ticket):
            raise PathUnknown(Bilingual("no ticket has this form", "凭证格式不正确"))
        return exchange, ticket

    async def _finish(
        self, exchange: Exchange, uploads: Uploads, ticket: str, content_id: str, received: _Received,
    ) -> Any:
        try:
            return await self._ask(exchange, uploads.service, uploads.finish, {
                "ticket": ticket, "size": received.size, "media_type": received.media_type or "",
                "sha256": received.sha256}, op_id=f"upload:{hashlib.sha256(ticket.encode()).hexdigest()[:32]}")
        except AppError as error:
            # Where nobody knows whether it was taken, the purge finds out.
            if not isinstance(error, OutcomeUnknown):
                self._store.remove(content_id)
            raise

    async def _ask(
        self, exchange: Exchange, service: str, method: str, arguments: dict[str, Any], op_id: str | None = None,
    ) -> Any:
        return await timed_call(
            self._bus, service, method, arguments, timeout_s=self._limits.default_timeout_s,
            op_id=op_id or new_id("op"), context=exchange.context(self._tenant))


class _Received:
    """The part of a file that has come so far."""

    def __init__(self, type_of: Callable[[bytes], str | None]) -> None:
        self.size, self._head, self._hash, self._type_of = 0, b"", hashlib.sha256(), type_of

    def take(self, part: bytes) -> None:
        self.size += len(part)
        self._head += part[: HEAD_BYTES - len(self._head)]
        self._hash.update(part)

    @property
    def head_is_whole(self) -> bool:
        return len(self._head) >= HEAD_BYTES

    @property
    def media_type(self) -> str | None:
        return self._type_of(self._head)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def _require_type(received: _Received, allowed: list[str]) -> None:
    if received.media_type not in allowed:
        raise MediaTypeUnsupported(Bilingual(
            f"file is {received.media_type or 'of an unknown type'} by its content; {', '.join(allowed)} is allowed",
            f"按内容识别，文件类型为 {received.media_type or '未知'}；只允许{listed_zh(allowed)}"))


async def _parts(exchange: Exchange, limit: int) -> AsyncIterator[bytes]:
    """Raises BodyTooLarge, BodyTooSlow, BodyMalformed."""
    size, until = 0, asyncio.get_running_loop().time() + UPLOAD_TIMEOUT_S
    while not exchange.incoming.ended:
        try:
            # Around the wait alone: what the caller does between two parts is not the client's time to answer for.
            async with asyncio.timeout_at(until):
                part = await exchange.incoming.part()
        except TimeoutError:
            raise BodyTooSlow(Bilingual(
                f"file did not come within {UPLOAD_TIMEOUT_S:g} s",
                f"文件未在 {UPLOAD_TIMEOUT_S:g} 秒内传完")) from None
        except ClientDisconnect:
            raise BodyMalformed(Bilingual("file ended early", "文件上传提前结束")) from None
        size += len(part)
        if size > limit:
            raise BodyTooLarge(Bilingual(
                f"file is larger than was said; {limit} bytes are allowed",
                f"文件超过声明的大小；只允许 {limit} 字节"))
        yield part


async def _from(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    for piece in rest:
        yield piece
