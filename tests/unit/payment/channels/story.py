"""One channel's story over HTTP: through the gateway to payment and back, genuine and forged."""
from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from shared_components.bus.client.blocking import BusClient
from tests.unit.payment.channels.attacks import attacks
from tests.unit.payment.channels.providers.kits import AlipayKit, SandboxKit, WechatKit, settings_of
from tests.unit.payment.sandbox.process import MERCHANT, SECRET
from tests.unit.payment.world import FEE_ITEM

PATIENCE_S = 20
KITS: dict[str, Any] = {"wechat": WechatKit, "alipay": AlipayKit}
TENANT = "default"


def section(name: str, folder: Path, base_url: str, port: int) -> dict[str, Any]:
    notify_url = f"http://127.0.0.1:{port}/callbacks/payment/{name}"
    if name == "sandbox":
        return {"base_url": base_url, "merchant_id": MERCHANT, "secret": SECRET, "notify_url": notify_url}
    return {**settings_of(name, folder, base_url), "notify_url": notify_url}


def kit_of(name: str, base_url: str, settings: dict[str, Any]) -> Any:
    return SandboxKit(base_url, settings, TENANT) if name == "sandbox" else KITS[name](name, base_url, settings)


class Story:
    """One channel's: paid and refunded by callback, then lied to."""

    def __init__(self, kit: Any, port: int, operator: BusClient) -> None:
        self.kit = kit
        self.operator = operator
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20)

    def tell(self) -> dict[str, Any]:
        paid, page = self.started()
        self.kit.pay(paid, page)
        seen: dict[str, Any] = {"paid": self.wait(paid, "paid")}
        seen["taken"] = self.post(*self.kit.word(paid, tenant=TENANT))
        refund = self.call("refund_order", order_id=paid, amount_minor=400, refund_available_minor=1000, reason="测试")
        seen["refunded"] = self.wait(paid, "partially_refunded")
        seen["refund word"] = self.post(*self.kit.word(paid, refund=refund["refund_id"], **self._part()))
        seen["refund"] = self.call("get_refund", refund_id=refund["refund_id"])["state"]
        seen["entries"] = len(self.operator.payment.list_entries(order_id=paid)["items"])
        seen |= self._lied_to(paid)
        return seen

    def _part(self) -> dict[str, Any]:
        return {"amount_minor": 400, "tenant": TENANT} if self.kit.name == "sandbox" else {}

    def _lied_to(self, paid: str) -> dict[str, Any]:
        """Nobody has paid the target: what is accepted is accepted of a lie."""
        self.kit.lose_callbacks()
        target, page = self.started()
        self.kit.visit(page)
        told, accepted, answers = 0, [], set()
        for what, headers, body in attacks(self.kit, target, paid):
            status, kind, text = self.post(headers, body)
            told += 1
            answers.add(f"{kind} {text if self.kit.name == 'alipay' else ''}".strip())
            if status < 400 or self.state(target) != "pending":
                accepted.append(what)
        self.kit.pay(target, page)
        word = self.kit.word(target, tenant=TENANT)
        return {"told": told > 10, "accepted": accepted, "refusals": sorted(answers),
                "true word": self.post(*word)[0], "then": self.state(target), "replays": self._replayed(target, word)}

    def _replayed(self, order_id: str, word: tuple[dict[str, str], str]) -> list[int]:
        """The entries after the same request, the same event signed anew, and another event on the same trade."""
        entries = []
        for headers, body in (word, self.kit.word(order_id, tenant=TENANT),
                              self.kit.word(order_id, tenant=TENANT, event_id="another-event")):
            assert self.post(headers, body)[0] < 300  # known already: there is nothing to send again
            entries.append(len(self.operator.payment.list_entries(order_id=order_id)["items"]))
        return entries

    def started(self) -> tuple[str, str]:
        line = {"item_code": FEE_ITEM["item_code"], "quantity": 1}
        order = self.call("create_order", payer_name="测试人甲", lines=[line])
        started = self.call("start_payment", order_id=order["order_id"], channel=self.kit.name)
        return str(order["order_id"]), str(started["pay_url"])

    def state(self, order_id: str) -> str:
        return str(self.call("get_order", order_id=order_id)["state"])

    def call(self, method: str, **arguments: Any) -> Any:
        path = f"/v1/payment/{method.replace('_', '-')}"
        answer = self.http.post(path, json=arguments, headers={"Authorization": "Bearer demo-app-key"})
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    def post(self, headers: dict[str, str], body: str) -> tuple[int, str, str]:
        answer = self.http.post(
            f"/callbacks/payment/{self.kit.name}", content=body.encode(), headers=headers
        )
        return answer.status_code, answer.headers.get("content-type", ""), answer.text

    def wait(self, order_id: str, state: str) -> str:
        return self._until(lambda: self.state(order_id) == state, state)

    def _until(self, done: Callable[[], bool], what: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, f"{self.kit.name}: not within {PATIENCE_S} s: {what}"
            time.sleep(0.1)
        return what
