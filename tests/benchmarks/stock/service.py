"""The baseline: stock nameko 2.14.1 services, written as its documentation writes them."""
from __future__ import annotations

import json
import time
from typing import Any

from nameko.events import EventDispatcher, event_handler
from nameko.rpc import RpcProxy, rpc
from nameko.web.handlers import http
from werkzeug.wrappers import Request, Response

from tests.benchmarks.lags import Lags
from tests.benchmarks.stock import bare, orders
from tests.benchmarks.stock.database import engine

JSON = {"Content-Type": "application/json"}


class StockService:
    name = "stock"
    dispatch = EventDispatcher()

    @rpc
    def echo(self, a: int) -> dict[str, int]:
        return {"a": a}

    @rpc
    def create_order(self, op_id: str, **request: Any) -> Any:
        reply, event = orders.create_order(engine(), op_id, request)
        if event is not None:
            self.dispatch("order_created", event)
        return reply

    @rpc
    def create_bare_order(self, **request: Any) -> Any:
        reply = bare.create_bare_order(engine(), request)
        if reply is not None:
            self.dispatch("bare_order_created", reply)
        return reply

    @rpc
    def publish(self, run: str, sent_at: float) -> None:
        self.dispatch("sent", {"run": run, "sent_at": sent_at})


class StockListener:
    name = "stock_listener"
    lags = Lags()

    @event_handler("stock", "sent")
    def on_sent(self, event: dict[str, Any]) -> None:
        self.lags.note(event["run"], time.time() - event["sent_at"])

    @rpc
    def handled(self, run: str) -> dict[str, Any]:
        return self.lags.summary(run)


class StockGateway:
    name = "stock_gateway"
    stock = RpcProxy("stock")

    @http("POST", "/echo")
    def echo(self, request: Request) -> Response:
        return self._answer(self.stock.echo(**json.loads(request.get_data())))

    @http("POST", "/create_order")
    def create_order(self, request: Request) -> Response:
        body = json.loads(request.get_data())
        return self._answer(self.stock.create_order(op_id=f"http-{body['reference']}", **body))

    @staticmethod
    def _answer(reply: Any) -> Response:
        return Response(json.dumps(reply), headers=JSON)
