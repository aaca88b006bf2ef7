"""The sandbox's HTTP face: signed endpoints for the merchant, a page for the payer."""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson
from marshmallow import Schema, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.payment.sandbox.books import Books, Payment, Refund, Refusal
from services.payment.sandbox.callbacks import Callbacks, Faults
from services.payment.sandbox.pages import CONFIRM, GIVE_UP, SandboxPages
from services.payment.sandbox.requests import (
    CloseBody,
    PaymentQuery,
    PrepayBody,
    RefundBody,
    RefundQuery,
    StatementBody,
)
from services.payment.sandbox.statements import statement
from shared_components.devstack.signed_callbacks import changed_faults
from shared_components.kernel import strict_json
from shared_components.kernel.errors import Unauthenticated
from shared_components.pages.presentation import Presentation, presentation_of
from shared_components.pages.responses import COMMON_ASSETS, FORM_POLICY, common_asset, page_headers
from shared_components.security.request_signing import RequestVerifier, sign

Answer = dict[str, Any]
NEVER_KEPT = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
}
"""Headers of pages that show what somebody pays."""


class Sandbox:
    """base_url: how payers reach it; notify_url: for merchants that name none."""

    def __init__(
        self, *, merchant_id: str, secret: bytes, base_url: str, notify_url: str | None, faults: Faults
    ) -> None:
        self.books = Books()
        self.counts: Counter[str] = Counter()
        self._merchant_id = merchant_id
        self._secret = secret
        self._verifier = RequestVerifier({merchant_id: secret})
        self._base_url = base_url
        self._notify_url = notify_url
        self._callbacks = Callbacks(key_id=merchant_id, key=secret, faults=faults)
        self._pages = SandboxPages()

    def application(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(_application: Starlette) -> AsyncIterator[None]:
            yield
            await self._callbacks.close()

        return Starlette(lifespan=lifespan, routes=[
            Route("/v1/prepay", self._signed(PrepayBody, self._prepay), methods=["POST"]),
            Route("/v1/payments/query", self._signed(PaymentQuery, self._query_payment), methods=["POST"]),
            Route("/v1/payments/close", self._signed(CloseBody, self._close), methods=["POST"]),
            Route("/v1/refunds", self._signed(RefundBody, self._refund), methods=["POST"]),
            Route("/v1/refunds/query", self._signed(RefundQuery, self._query_refund), methods=["POST"]),
            Route("/v1/statements", self._signed(StatementBody, self._statement), methods=["POST"]),
            Route("/pay/{prepay_id}", self._show_page, methods=["GET"]),
            Route("/pay/{prepay_id}", self._act, methods=["POST"]),
            *(Route(f"/assets/{name}", _asset(name), methods=["GET"]) for name in COMMON_ASSETS),
            Route("/live", self._live, methods=["GET"]),
            Route("/faults", self._change_faults, methods=["POST"]),
            Route("/counts", self._show_counts, methods=["GET"]),
        ])

    def _signed(self, schema: type[Schema], work: Callable[[Answer], Answer]) -> Callable[
        [Request], Awaitable[Response]
    ]:
        """Verify, load, work, answer; the answer is signed too."""
        loader = schema()

        async def handle(request: Request) -> Response:
            raw = await request.body()
            faults = self._callbacks.faults
            self.counts[request.url.path] += 1
            await asyncio.sleep(faults.answer_s)
            if self._callbacks.happens(faults.error_before_work):
                return PlainTextResponse("busy", 503)
            try:
                self._verifier.verify(request.headers, raw, at=datetime.now(UTC))
                data = loader.load(strict_json.read(raw))
                self._check_merchant(data)
                answer, status = work(data), 200
            except Unauthenticated as error:
                answer, status = {"code": "SIGN_ERROR", "message": error.message}, 401
            except (strict_json.JsonRefused, ValidationError) as error:
                answer, status = {"code": "PARAM_ERROR", "message": str(error)}, 400
            except Refusal as refusal:
                answer, status = {"code": refusal.code, "message": str(refusal)}, refusal.status
            if status == 200 and self._callbacks.happens(faults.error_after_work):
                return PlainTextResponse("busy", 503)
            return self._answer(answer, status)

        return handle

    def _answer(self, answer: Answer, status: int) -> Response:
        content = orjson.dumps(answer)
        headers = sign(content, key_id=self._merchant_id, key=self._secret, at=datetime.now(UTC))
        return Response(content, status, headers, media_type="application/json")

    def _check_merchant(self, data: Answer) -> None:
        if data["merchant_id"] != self._merchant_id:
            raise Refusal("MERCHANT_UNKNOWN", "merchant_id is not the one that signed")

    def _url_to_notify(self, data: Answer) -> str:
        url = data.get("notify_url") or self._notify_url
        if not url:
            raise Refusal("PARAM_ERROR", "notify_url is missing, and the sandbox was started without one", 400)
        return str(url)

    def _prepay(self, data: Answer) -> Answer:
        payment = self.books.prepay(data, self._url_to_notify(data))
        return {"prepay_id": payment.prepay_id, "pay_url": f"{self._base_url}/pay/{payment.prepay_id}"}

    def _query_payment(self, data: Answer) -> Answer:
        payment = self.books.payments.get(data["out_trade_no"])
        if payment is None:
            return {"state": "absent"}
        # Closed or given up: for the merchant the same, nobody pays it any more.
        return _payment_facts(payment) | {"state": "failed" if payment.state == "closed" else payment.state}

    def _close(self, data: Answer) -> Answer:
        return {"state": "closed", "out_trade_no": self.books.close(data["out_trade_no"]).out_trade_no}

    def _refund(self, data: Answer) -> Answer:
        refund, is_new = self.books.refund(data, self._url_to_notify(data))
        if is_new:
            self._callbacks.run(self._finish(refund))
        return _refund_facts(refund)

    def _query_refund(self, data: Answer) -> Answer:
        refund = self.books.refunds.get(data["refund_id"])
        return {"state": "absent"} if refund is None else _refund_facts(refund)

    def _statement(self, data: Answer) -> Answer:
        return {"format": "zhongtai", "content": statement(self.books, data["date"])}

    async def _finish(self, refund: Refund) -> None:
        faults = self._callbacks.faults
        await asyncio.sleep(faults.refund_s)
        if self._callbacks.happens(faults.refund_failure):
            refund.state, refund.failure = "failed", "ACCOUNT_ABNORMAL"
        else:
            refund.state = "succeeded"
        self._callbacks.notify(refund.notify_url, {
            **_payment_facts(refund.payment), **_refund_facts(refund), "kind": f"refund-{refund.state}",
        })

    async def _show_page(self, request: Request) -> Response:
        payment = self.books.of_page(request.path_params["prepay_id"])
        if payment is None:
            return self._page(request, self._pages.unknown, 404)
        return self._page(request, partial(self._pages.payment, payment))

    async def _act(self, request: Request) -> Response:
        """Then back to the page (303), so that a reload pays nothing twice.

        409, with the page as it stands, when it is too late for that; 400 when it is no button of the page.
        """
        payment = self.books.of_page(request.path_params["prepay_id"])
        if payment is None:
            return self._page(request, self._pages.unknown, 404)
        form = parse_qs((await request.body())[:1000].decode(errors="replace"))
        action = form.get("action", [])
        if action == [CONFIRM]:
            done, kind, state = self.books.pay(payment), "payment-succeeded", "paid"
        elif action == [GIVE_UP]:
            done, kind, state = self.books.give_up(payment), "payment-failed", "failed"
        else:
            return self._page(request, self._pages.no_action, 400)
        if done:
            self._tell(payment, kind)
        elif payment.state != state:
            return self._page(request, partial(self._pages.payment, payment), 409)
        return RedirectResponse(_presentation(request).link(request.url.path), 303)

    def _page(self, request: Request, render: Callable[[Presentation, str], str], status: int = 200) -> Response:
        presentation = _presentation(request)
        headers = page_headers(presentation.locale, policy=FORM_POLICY) | NEVER_KEPT
        return Response(render(presentation, request.url.path), status, headers)

    def _tell(self, payment: Payment, kind: str) -> None:
        self._callbacks.notify(payment.notify_url, {**_payment_facts(payment), "kind": kind})

    async def _change_faults(self, request: Request) -> Response:
        """A JSON object of Faults' fields (the seed stays), signed like all that a merchant sends."""
        raw = await request.body()
        try:
            self._verifier.verify(request.headers, raw, at=datetime.now(UTC))
            self._callbacks.faults = changed_faults(self._callbacks.faults, strict_json.read(raw))
        except Unauthenticated as error:
            return self._answer({"code": "SIGN_ERROR", "message": error.message}, 401)
        except ValueError as error:
            return self._answer({"code": "PARAM_ERROR", "message": str(error)}, 400)
        return self._answer({"code": "OK"}, 200)

    async def _show_counts(self, _request: Request) -> Response:
        """How many requests came to each path since the start, for those who measure."""
        return Response(orjson.dumps(self.counts), media_type="application/json")

    async def _live(self, _request: Request) -> Response:
        return PlainTextResponse("ok")


def _presentation(request: Request) -> Presentation:
    return presentation_of(request.query_params, request.headers.get("accept-language"))


def _asset(name: str) -> Callable[[Request], Awaitable[Response]]:
    content = common_asset(name)

    async def endpoint(request: Request) -> Response:
        return content.response(request)

    return endpoint


def _payment_facts(payment: Payment) -> Answer:
    return {
        "out_trade_no": payment.out_trade_no, "trade_no": payment.trade_no, "amount_minor": payment.amount_minor,
        "currency": payment.currency, "attach": payment.attach,
    }


def _refund_facts(refund: Refund) -> Answer:
    return {
        "refund_id": refund.refund_id, "amount_minor": refund.amount_minor, "state": refund.state,
        "failure": refund.failure,
    }
