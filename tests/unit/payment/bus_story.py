"""Payment on a bus with the real sandbox server and its HTTP callbacks. Run as a program.

Arguments: broker URL, database URL, folder for the key, base URL of the sandbox, seconds until a silent channel
is first asked.
Prints what happened as one line of JSON.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import base64  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from functools import partial  # noqa: E402
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: E402
from pathlib import Path  # noqa: E402
from threading import Thread  # noqa: E402
from typing import Any  # noqa: E402

import httpx  # noqa: E402

from services.payment.orders.domain import backoff  # noqa: E402
from services.payment.service import PaymentService  # noqa: E402
from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import for_service, load_configuration, load_service_settings  # noqa: E402
from shared_components.db import migrate  # noqa: E402
from shared_components.kernel.clock import SystemClock  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from shared_components.security.request_signing import RequestVerifier  # noqa: E402
from tests.unit.payment.reconciliation.on_bus import reconciled  # noqa: E402
from tests.unit.payment.sandbox.process import MERCHANT, SECRET  # noqa: E402
from tests.unit.payment.webhooks.receiver import Receiver, receiver  # noqa: E402
from tests.unit.payment.world import FEE_ITEM  # noqa: E402

PATIENCE_S = 20
ORDER = {"payer_name": "测试人甲", "lines": [{"item_code": FEE_ITEM["item_code"], "quantity": 1}]}


def main(broker_url: str, database_url: str, folder: str, sandbox_url: str, first_wait_s: str) -> None:
    backoff.FIRST_WAIT_S = int(first_wait_s)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    settings = Path(folder) / "zhongtai.yaml"
    settings.write_text(json.dumps({
        "security": {"master_key_file": f"{folder}/master.key"},
        "services": {"payment": {
            "sandbox": {
                "base_url": sandbox_url, "merchant_id": MERCHANT, "secret": SECRET,
                "notify_url": f"http://127.0.0.1:{server.server_port}/callbacks/payment/sandbox",
            },
            "webhooks": {"allow_loopback": True},
        }},
    }))
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    configuration = load_configuration(settings, environ=urls)
    migrate(database_url, "payment")
    host = ServiceHost(
        [PaymentService], partial(for_service, configuration), Health(), load_settings=load_service_settings
    )
    host.start()
    try:
        with edge(server, BusClient.from_configuration(configuration, caller="gateway")), receiver() as endpoint:
            operator = BusClient.from_configuration(configuration, caller="operator")
            seen = Story(operator, sandbox_url, endpoint).tell()
    finally:
        clean = host.stop(10)
    sys.stdout.write(json.dumps({**seen, "clean": clean}, ensure_ascii=False) + "\n")


@contextmanager
def edge(server: ThreadingHTTPServer, client: BusClient) -> Iterator[None]:
    """What the gateway does with a channel's callback: hands on headers and raw body, answers with the status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                client.payment.apply_channel_notification(channel="sandbox", headers=dict(self.headers), body=body)
                status = 204
            except AppError as error:
                status = error.http_status
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server.RequestHandlerClass = Handler
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        client.close()


class Story:
    def __init__(self, client: BusClient, sandbox_url: str, endpoint: Receiver) -> None:
        self.client = client
        self.sandbox_url = sandbox_url
        self.endpoint = endpoint
        self.payment = client.payment

    def tell(self) -> dict[str, Any]:
        seen: dict[str, Any] = {"item": self.payment.put_fee_item(**FEE_ITEM)["version"]}
        self.payment.put_receipt_range(
            collecting_unit=FEE_ITEM["collecting_unit"], bill_code="33010125", first_number=1, last_number=9)
        self.webhook = self.payment.put_webhook(url=self.endpoint.url, events=["order-paid", "order-refunded"])
        order_id = self._paid(seen)
        self._refunded(order_id, seen)
        self._told(order_id, seen)
        self._receipted(order_id, seen)
        self._late(seen)
        self._given_up(seen)
        self._many(seen)
        self._refusals(order_id, seen)
        trial = self.payment.trial_balance()
        seen["balances"] = {account["account"]: account["balance_minor"] for account in trial["accounts"]}
        seen["balanced"] = trial["balanced"]
        seen["entries"] = len(self.payment.list_entries(limit=100)["items"])
        seen["reconciled"] = reconciled(self.payment, self.sandbox_url, code_of)
        self.client.close()
        return seen

    def _paid(self, seen: dict[str, Any]) -> str:
        order = self.payment.create_order(**ORDER, reference="case_1", op_id="order-1")
        seen["same reply"] = self.payment.create_order(**ORDER, reference="case_1", op_id="order-1") == order
        seen["another body"] = code_of(lambda: self.payment.create_order(**ORDER, reference="x", op_id="order-1"))
        order_id = str(order["order_id"])
        started = self.payment.start_payment(order_id=order_id)
        seen["started"] = started["state"]
        act(started["pay_url"])
        seen["paid"] = self._wait("paid", order_id)
        return order_id

    def _refunded(self, order_id: str, seen: dict[str, Any]) -> None:
        wanted = {"order_id": order_id, "amount_minor": 400, "refund_available_minor": 1000, "reason": "测试"}
        refund = self.payment.refund_order(**wanted, op_id="refund-1")
        seen["same refund"] = self.payment.refund_order(**wanted, op_id="refund-1") == refund
        seen["stale"] = code_of(lambda: self.payment.refund_order(**wanted))
        seen["refunded"] = self._wait("partially_refunded", order_id)
        seen["refund"] = self.payment.get_refund(refund_id=refund["refund_id"])["state"]

    def _told(self, order_id: str, seen: dict[str, Any]) -> None:
        """The app's endpoint hears of both, signed."""
        self._until(lambda: len(self.endpoint.got) >= 2, "2 webhook deliveries")
        verifier = RequestVerifier({self.webhook["key_id"]: self.webhook["secret"].encode()})
        for headers, body in self.endpoint.got:
            verifier.verify(headers, body, at=SystemClock().now())
        seen["told"] = sorted(json.loads(body)["type"] for _, body in self.endpoint.got)
        self._until(lambda: {each["state"] for each in self._deliveries(order_id)} == {"delivered"}, "deliveries noted")

    def _receipted(self, order_id: str, seen: dict[str, Any]) -> None:
        self._until(lambda: len(self._receipts(order_id)) == 2, "2 receipts")
        seen["receipts"] = [[r["kind"], r["bill_number"], r["amount_minor"]] for r in self._receipts(order_id)]
        whole = self.payment.get_receipt(order_id=order_id, with_pdf=True)
        seen["pdf"] = base64.b64decode(whole["pdf_base64"])[:5].decode()
        seen["pdf path"] = whole["pdf_path"].replace(whole["receipt_id"], "…")
        seen["genuine"] = self.payment.verify_receipt(
            **{name: whole[name] for name in ("bill_code", "bill_number", "check_code")})["red_minor"]

    def _receipts(self, order_id: str) -> list[dict[str, Any]]:
        return list(reversed(self.payment.list_receipts(order_id=order_id)["items"]))

    def _deliveries(self, order_id: str) -> list[dict[str, Any]]:
        return list(self.payment.list_deliveries(order_id=order_id)["items"])

    def _late(self, seen: dict[str, Any]) -> None:
        """Closed here while the payer was on the page: the money comes, and goes back by itself."""
        order_id = str(self.payment.create_order(**ORDER)["order_id"])
        page = self.payment.start_payment(order_id=order_id)["pay_url"]
        self.payment.close_order(order_id=order_id)
        act(page)
        self._until(lambda: len(self._entries(order_id)) == 3, f"3 ledger entries of {order_id}")
        seen["late"] = [entry["source"].split("/")[0] for entry in self._entries(order_id)]
        seen["closed"] = self.payment.get_order(order_id=order_id)["state"]

    def _given_up(self, seen: dict[str, Any]) -> None:
        order_id = str(self.payment.create_order(**ORDER)["order_id"])
        act(self.payment.start_payment(order_id=order_id)["pay_url"], "give-up")
        seen["given up"] = self._wait("failed", order_id)

    def _many(self, seen: dict[str, Any]) -> None:
        with ThreadPoolExecutor(16) as pool:
            orders = list(pool.map(lambda _: self.payment.create_order(**ORDER, reference="many"), range(60)))
        seen["many"] = len({order["pay_code"] for order in orders})
        seen["listed"] = len(self.payment.list_orders(reference="many", limit=100)["items"])

    def _refusals(self, order_id: str, seen: dict[str, Any]) -> None:
        payment = self.payment
        seen["not payable"] = code_of(lambda: payment.start_payment(order_id=order_id))
        seen["not built"] = code_of(lambda: payment.start_payment(order_id=order_id, channel="unionpay"))
        seen["not configured"] = code_of(lambda: payment.start_payment(order_id=order_id, channel="wechat"))
        seen["no item"] = code_of(lambda: payment.create_order(payer_name="甲", lines=[{"item_code": "x"}]))
        seen["no lines"] = code_of(lambda: payment.create_order(payer_name="甲", lines=[]))
        seen["not the gateway"] = code_of(
            lambda: payment.apply_channel_notification(channel="sandbox", headers={}, body="{}"))

    def _entries(self, order_id: str) -> list[dict[str, Any]]:
        return list(self.payment.list_entries(order_id=order_id)["items"])

    def _wait(self, state: str, order_id: str) -> str:
        self._until(lambda: self.payment.get_order(order_id=order_id)["state"] == state, f"order {state}")
        return state

    def _until(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
            time.sleep(0.1)


def act(page: str, action: str = "confirm") -> None:
    httpx.post(page, data={"action": action}, follow_redirects=True, trust_env=False).raise_for_status()


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except AppError as error:
        return error.code
    return "no error"


if __name__ == "__main__":
    main(*sys.argv[1:])
