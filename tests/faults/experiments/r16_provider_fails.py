"""R16: a provider that fails nine times in ten for a minute."""
from __future__ import annotations

import time

import httpx

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError
from tests.faults.carrier_outages import text_outage
from tests.faults.channels import ChannelWorld, channel_world
from tests.faults.lab import Lab
from tests.faults.load import each, wait_for
from tests.faults.outages import FAILING, MOST, PATIENCE_S, Found
from tests.faults.report import Report
from tests.unit.payment.channels.story import Story

ID, TITLE = "R16", "a provider failing 90 % for a minute"
TARGET = (
    "the provider sees at most 1.2 requests for each that is needed; all is done within 30 s after it answers (of "
    "texts 95 in 100, and the last within 60 s)")
OPERATIONS, UNIT = 360, "refunds and payments, and two thirds as many texts"
OUTAGE_S = 60
COUNTED = ("/v1/refunds", "/v1/refunds/query", "/v1/prepay")
PRICE = 1000


def run(lab: Lab, report: Report) -> None:
    report.faults = f"for {OUTAGE_S} s 8 of 10 requests are not done, and half of the others done but not answered"
    found = outage(lab, report.id, report.operations, OUTAGE_S)
    report.add("with the breaker", found.counts, found.wrong)
    blind = outage(lab.blind_to("breaker"), f"{report.id}-blind", report.operations // 3, OUTAGE_S // 2)
    report.add_blind("without it", blind.counts, int(blind.amplification > MOST))
    fail_carrier(lab, report, report.operations * 2 // 3)


def fail_carrier(lab: Lab, report: Report, texts: int) -> None:
    """The same of a carrier of text messages; tries of texts count as requests."""
    found = text_outage(lab, f"{report.id}-texts", texts, OUTAGE_S)
    report.add("texts, with the breaker", found.counts, found.wrong)
    blind = text_outage(lab.blind_to("breaker"), f"{report.id}-texts-blind", texts // 2, OUTAGE_S // 2)
    report.add_blind("texts, without it", blind.counts, int(blind.amplification > MOST))


def outage(lab: Lab, name: str, operations: int, outage_s: int) -> Found:
    """Two thirds are refunds, one third payers who want to pay."""
    with channel_world(lab, name, "sandbox") as made:
        story = made.stories["sandbox"]
        refunds = operations * 2 // 3
        orders: list[str] = []
        each(range(refunds), lambda _: orders.append(_paid(story)), threads=8)
        fresh = [_order(story) for _ in range(operations - refunds)]
        story.kit.faults(**FAILING)
        before = _asked(story)
        payers = Payers(made.operator)
        _work(story, orders, fresh, payers, outage_s)
        story.kit.faults(**dict.fromkeys(FAILING, 0))
        healed_at = time.monotonic()
        wait_for(lambda: not _open_refunds(made) and payers.try_again(), PATIENCE_S, pause_s=0.5)
        return Found(
            operations, _asked(story) - before, round(time.monotonic() - healed_at, 1),
            _open_refunds(made) + len(payers.waiting), payers.codes)  # fmt: skip


class Payers:
    """Each asks once while the provider fails, and again when the platform is said to be well."""

    def __init__(self, client: BusClient) -> None:
        self._payment = client.payment
        self.waiting: list[str] = []
        self.codes: dict[str, int] = {}

    def start(self, order_id: str) -> bool:
        try:
            self._payment.start_payment(order_id=order_id, channel="sandbox", timeout_s=2)
            code = "ok"
        except AppError as error:
            code = error.code
            self.waiting.append(order_id)
        self.codes[code] = self.codes.get(code, 0) + 1
        return code == "ok"

    def try_again(self) -> bool:
        """Whether all have their page."""
        again, self.waiting = self.waiting, []
        for number, order_id in enumerate(again):
            if not self.start(order_id):
                self.waiting.extend(again[number + 1:])
                return False
        return True


def _work(story: Story, orders: list[str], fresh: list[str], payers: Payers, outage_s: int) -> None:
    """Evenly over the outage."""
    began = time.monotonic()
    todo = sorted([(index / len(orders), "refund", one) for index, one in enumerate(orders)]
                  + [(index / len(fresh), "start", one) for index, one in enumerate(fresh)])  # fmt: skip
    for share, what, order_id in todo:
        time.sleep(max(0.0, began + share * outage_s - time.monotonic()))
        if what == "start":
            payers.start(order_id)
            continue
        story.call("refund_order", order_id=order_id, amount_minor=PRICE, refund_available_minor=PRICE, reason="试验")
    time.sleep(max(0.0, began + outage_s - time.monotonic()))


def _paid(story: Story) -> str:
    order, page = story.started()
    story.kit.pay(order, page)
    story.wait(order, "paid")
    return order


def _order(story: Story) -> str:
    line = {"item_code": "103042801", "quantity": 1}
    return str(story.call("create_order", payer_name="测试人甲", lines=[line])["order_id"])


def _asked(story: Story) -> int:
    counts = httpx.get(f"{story.kit.base_url}/counts", trust_env=False).json()
    return sum(counts.get(path, 0) for path in COUNTED)


def _open_refunds(made: ChannelWorld) -> int:
    query = "SELECT count(*) FROM refunds WHERE state IN ('requested', 'submitted')"
    return int(made.world.rows("payment", query)[0][0])
