"""The sandbox's HTTP face: signed requests of the account, and what it has taken, for tests and demonstrations."""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from marshmallow import Schema, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.notification.sandbox.books import Books, SentText
from services.notification.sandbox.receipts import Receipts
from services.notification.sandbox.requests import MessagesBody, QueryBody, ReceivedBody
from shared_components.devstack.signed_callbacks import CallbackFaults, changed_faults
from shared_components.kernel import strict_json
from shared_components.kernel.errors import Unauthenticated
from shared_components.kernel.ids import new_id
from shared_components.security.request_signing import RequestVerifier, sign

Answer = dict[str, Any]
MOST_SHOWN = 1000


class Sandbox:
    """account, secret: of the one who sends through it."""

    def __init__(self, *, account: str, secret: bytes, faults: CallbackFaults) -> None:
        self.books = Books()
        self.counts: Counter[str] = Counter()
        self._account, self._secret = account, secret
        self._verifier = RequestVerifier({account: secret})
        self._receipts = Receipts(key_id=account, key=secret, faults=faults)

    def application(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(_application: Starlette) -> AsyncIterator[None]:
            yield
            await self._receipts.close()

        return Starlette(lifespan=lifespan, routes=[
            Route("/v1/messages", self._signed(MessagesBody, self._take), methods=["POST"]),
            Route("/v1/messages/query", self._signed(QueryBody, self._query), methods=["POST"]),
            Route("/received", self._signed(ReceivedBody, self._receive), methods=["POST"]),
            Route("/faults", self._change_faults, methods=["POST"]),
            Route("/texts", self._show_texts, methods=["GET"]),
            Route("/counts", self._show_counts, methods=["GET"]),
            Route("/live", self._live, methods=["GET"]),
        ])

    def _signed(self, schema: type[Schema], work: Callable[[Answer], Answer]) -> Callable[
        [Request], Awaitable[Response]
    ]:
        """Verify, load, work, answer; the answer is signed too."""
        loader = schema()

        async def handle(request: Request) -> Response:
            raw = await request.body()
            faults = self._receipts.faults
            self.counts[request.url.path] += 1
            await asyncio.sleep(faults.answer_s)
            try:
                self._verifier.verify(request.headers, raw, at=datetime.now(UTC))
                data = loader.load(strict_json.read(raw))
            except Unauthenticated as error:
                return self._answer({"code": "SIGN_ERROR", "message": error.message}, 401)
            except (strict_json.JsonRefused, ValidationError) as error:
                return self._answer({"code": "PARAM_ERROR", "message": str(error)}, 400)
            if self._receipts.happens(faults.error_before_work):
                return self._answer({"code": "BUSY", "message": "not done"}, 503)
            answer = work(data)
            if self._receipts.happens(faults.error_after_work):
                return PlainTextResponse("busy", 503)
            return self._answer(answer, 200)

        return handle

    def _answer(self, answer: Answer, status: int) -> Response:
        content = orjson.dumps(answer)
        headers = sign(content, key_id=self._account, key=self._secret, at=datetime.now(UTC))
        return Response(content, status, headers, media_type="application/json")

    def _take(self, data: Answer) -> Answer:
        results = []
        for message in data["messages"]:
            answer, text = self.books.take(message)
            results.append(answer)
            if text is not None:
                self._end(text, data["notify_url"])
        self.counts["messages"] += len(results)
        return {"results": results}

    def _end(self, text: SentText, notify_url: str) -> None:
        """Decide what becomes of a text; its receipts follow. The network's word comes before the phone's."""
        end = self.books.receipt_of(text)
        if end is None:
            return
        text.state, text.code = end
        self._receipts.tell(notify_url, text.told())

    def _query(self, data: Answer) -> Answer:
        return {"results": [self.books.told(message_id) for message_id in data["message_ids"]]}

    def _receive(self, data: Answer) -> Answer:
        self._receipts.tell_received(data["notify_url"], {
            "event_id": new_id("evt"), "number": data["number"], "body": data["body"],
            "service_number": data["service_number"], "received_at": datetime.now(UTC).isoformat()})
        return {"code": "OK"}

    async def _change_faults(self, request: Request) -> Response:
        """A JSON object of CallbackFaults' fields (the seed stays), signed like all that the account sends."""
        raw = await request.body()
        try:
            self._verifier.verify(request.headers, raw, at=datetime.now(UTC))
            self._receipts.faults = changed_faults(self._receipts.faults, strict_json.read(raw))
        except Unauthenticated as error:
            return self._answer({"code": "SIGN_ERROR", "message": error.message}, 401)
        except ValueError as error:
            return self._answer({"code": "PARAM_ERROR", "message": str(error)}, 400)
        return self._answer({"code": "OK"}, 200)

    async def _show_texts(self, request: Request) -> Response:
        """Texts that were taken, newest last; ?number= gives one phone's."""
        number = request.query_params.get("number")
        texts = [text for text in self.books.texts.values() if number in (None, text.number)][-MOST_SHOWN:]
        shown = [{**text.told(), "number": text.number, "signature": text.signature, "body": text.body,
                  "times": self.books.times[text.message_id]} for text in texts]
        return _json({"texts": shown})

    async def _show_counts(self, _request: Request) -> Response:
        """Requests by path, texts, and texts that were taken more than once."""
        doubled = sum(1 for times in self.books.times.values() if times > 1)
        return _json({**self.counts, "taken": len(self.books.times), "doubled": doubled})

    async def _live(self, _request: Request) -> Response:
        return PlainTextResponse("ok")


def _json(content: Answer) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
