"""Payment and the gateway as one platform, three providers around it. Run as a program.

Arguments: broker URL, database URL, folder of the keys, the port of the gateway, and the providers' base URLs as JSON.
Prints what happened as one line of JSON.
"""
from __future__ import annotations

from shared_components.bus.runtime import patch

patch(asyncio_hub=True)  # the gateway is in this process

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import httpx  # noqa: E402

from services.payment.domain import backoff  # noqa: E402
from shared_components.bus.client import BusClient  # noqa: E402
from shared_components.cli.configuration import load_configuration  # noqa: E402
from shared_components.cli.migrate import migrate_services  # noqa: E402
from shared_components.cli.platform import Platform  # noqa: E402
from tests.unit.payment.attacks import attacks  # noqa: E402
from tests.unit.payment.providers.kits import AlipayKit, SandboxKit, WechatKit, settings_of  # noqa: E402
from tests.unit.payment.sandbox_process import MERCHANT, SECRET  # noqa: E402
from tests.unit.payment.world import FEE_ITEM  # noqa: E402

PATIENCE_S = 20
KITS: dict[str, Any] = {"wechat": WechatKit, "alipay": AlipayKit}
TENANT = "default"


def main(broker_url: str, database_url: str, folder: str, port: str, providers: str) -> None:
    backoff.FIRST_WAIT_S = backoff.LONGEST_WAIT_S = 3600  # what happens here happens by callback
    base_urls = json.loads(providers)
    sections = {name: section(name, Path(folder), url, int(port)) for name, url in base_urls.items()}
    settings = Path(folder) / "zhongtai.yaml"
    settings.write_text(json.dumps({
        "security": {"master_key_file": f"{folder}/master.key"}, "http": {"port": int(port)},
        "log": {"level": "error"}, "services": {"payment": sections},
    }))
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    configuration = load_configuration(settings, environ=urls)
    migrate_services(database_url, ("payment",))
    platform = Platform(configuration, ["payment", "gateway"])
    platform.start()
    try:
        with BusClient.from_configuration(configuration, caller="operator") as operator:
            operator.payment.put_fee_item(**FEE_ITEM)
            kits = {name: kit_of(name, url, sections[name]) for name, url in base_urls.items()}
            seen = {name: Story(kit, int(port), operator).tell() for name, kit in kits.items()}
            seen["balanced"] = operator.payment.trial_balance()["balanced"]
    finally:
        clean = platform.stop()
    sys.stdout.write(json.dumps({**seen, "clean": clean}, ensure_ascii=False) + "\n")


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
        paid, page = self._started()
        self.kit.pay(paid, page)
        seen: dict[str, Any] = {"paid": self._wait(paid, "paid")}
        seen["taken"] = self._post(*self.kit.word(paid, tenant=TENANT))
        refund = self._call("refund_order", order_id=paid, amount_minor=400, refund_available_minor=1000, reason="测试")
        seen["refunded"] = self._wait(paid, "partially_refunded")
        seen["refund word"] = self._post(*self.kit.word(paid, refund=refund["refund_id"], **self._part()))
        seen["refund"] = self._call("get_refund", refund_id=refund["refund_id"])["state"]
        seen["entries"] = len(self.operator.payment.list_entries(order_id=paid)["items"])
        seen |= self._lied_to(paid)
        return seen

    def _part(self) -> dict[str, Any]:
        return {"amount_minor": 400, "tenant": TENANT} if self.kit.name == "sandbox" else {}

    def _lied_to(self, paid: str) -> dict[str, Any]:
        """The target is paid at the provider, whose own callback is lost: what is accepted is accepted of a lie."""
        self.kit.lose_callbacks()
        target, page = self._started()
        self.kit.pay(target, page)
        told, accepted, answers = 0, [], set()
        for what, headers, body in attacks(self.kit, target, paid):
            status, kind, text = self._post(headers, body)
            told += 1
            answers.add(f"{kind} {text if self.kit.name == 'alipay' else ''}".strip())
            if status < 400 or self._state(target) != "pending":
                accepted.append(what)
        word = self.kit.word(target, tenant=TENANT)
        return {"told": told > 10, "accepted": accepted, "refusals": sorted(answers),
                "true word": self._post(*word)[0], "then": self._state(target), "replays": self._replayed(target, word)}

    def _replayed(self, order_id: str, word: tuple[dict[str, str], str]) -> list[int]:
        """The entries after the same request, the same event signed anew, and another event on the same trade."""
        entries = []
        for headers, body in (word, self.kit.word(order_id, tenant=TENANT),
                              self.kit.word(order_id, tenant=TENANT, event_id="another-event")):
            assert self._post(headers, body)[0] < 300  # known already: there is nothing to send again
            entries.append(len(self.operator.payment.list_entries(order_id=order_id)["items"]))
        return entries

    def _started(self) -> tuple[str, str]:
        line = {"item_code": FEE_ITEM["item_code"], "quantity": 1}
        order = self._call("create_order", payer_name="测试人甲", lines=[line])
        started = self._call("start_payment", order_id=order["order_id"], channel=self.kit.name)
        return str(order["order_id"]), str(started["pay_url"])

    def _state(self, order_id: str) -> str:
        return str(self._call("get_order", order_id=order_id)["state"])

    def _call(self, method: str, **arguments: Any) -> Any:
        path = f"/v1/payment/{method.replace('_', '-')}"
        answer = self.http.post(path, json=arguments, headers={"Authorization": "Bearer demo-app-key"})
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    def _post(self, headers: dict[str, str], body: str) -> tuple[int, str, str]:
        answer = self.http.post(
            f"/callbacks/payment/{self.kit.name}", content=body.encode(), headers=headers
        )
        return answer.status_code, answer.headers.get("content-type", ""), answer.text

    def _wait(self, order_id: str, state: str) -> str:
        return self._until(lambda: self._state(order_id) == state, state)

    def _until(self, done: Callable[[], bool], what: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, f"{self.kit.name}: not within {PATIENCE_S} s: {what}"
            time.sleep(0.1)
        return what


if __name__ == "__main__":
    main(*sys.argv[1:])
