"""R12: callbacks of payment providers and receipts of carriers, in every order, each several times."""
from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tests.faults.carrier_receipts import FATES, WALLS, Receipts
from tests.faults.channels import ALL, ChannelWorld, channel_world
from tests.faults.lab import Lab
from tests.faults.load import each, wait_for
from tests.faults.report import Report
from tests.unit.payment.channels.story import TENANT, Story

ID, TITLE = "R12", "provider callbacks and carrier receipts in every order, duplicated"
TARGET = "one final state: every order paid once and refunded once, every text ended as its true receipts say"
OPERATIONS, UNIT = 90, "orders"
COPIES, PRICE, PART = 3, 1000, 400
TEXTS_AN_ORDER, PROOF_TEXTS = 4, 16
SETTLE_S = 60


def run(lab: Lab, report: Report) -> None:
    report.faults = f"each provider's callback {COPIES} times at once; all words again, shuffled, from 16 threads"
    _pay(lab, report)
    hear_receipts(lab, report, report.operations * TEXTS_AN_ORDER)


def hear_receipts(lab: Lab, report: Report, texts: int) -> None:
    """Receipts of carriers, lost, doubled, reordered and forged; then with each wall taken away."""
    with lab.world(f"{report.id}-receipts", "notification") as world:
        made = Receipts(world.database_url, world.folder, texts, report.seed)
        report.add("receipts", *_heard(made, nullcontext, tuple(FATES)))
        for case, (off, fates) in WALLS.items():
            counts, wrong = _heard(Receipts(world.database_url, world.folder, PROOF_TEXTS, report.seed), off, fates)
            report.add_blind(f"receipts, {case}", counts, len(wrong))


def _heard(
    receipts: Receipts, off: Callable[[], AbstractContextManager[Any]], fates: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    try:
        with off():
            receipts.run()
        wrong = receipts.wrong(*fates)
    finally:
        receipts.close()
    return {"texts": receipts.texts, "words": receipts.answers.total(), "ended wrongly": len(wrong)}, wrong


def _pay(lab: Lab, report: Report) -> None:
    with channel_world(lab, report.id, *ALL, processes=2) as made:
        for story in made.stories.values():
            _send_copies(story)
        share = max(1, report.operations // len(ALL))
        for name, story in made.stories.items():
            counts, wrong = _tell(made, story, share, random.Random(report.seed))
            report.add(name, counts, wrong)
        balances = made.balances()
        clearing = {name: balances.get(f"channel-clearing/{name}", 0) for name in ALL}
        wrong = [f"{name} holds {held}, not {share * (PRICE - PART)}" for name, held in clearing.items()
                 if held != share * (PRICE - PART)]  # fmt: skip
        wrong += [f"{account} is {balances[account]}" for account in ("suspense", "refunds-payable", "UNBALANCED")
                  if balances.get(account)]  # fmt: skip
        report.add("the books", clearing, wrong)


def _send_copies(story: Story) -> None:
    if story.kit.name == "sandbox":
        story.kit.faults(duplicates=COPIES - 1, disorder_s=0.3)
    else:
        story.kit.control("callbacks", copies=COPIES)


def _tell(made: ChannelWorld, story: Story, share: int, dice: random.Random) -> tuple[dict[str, Any], list[str]]:
    orders = [_paid(story) for _ in range(share)]
    unpaid = _unsettled(story, orders, "paid")
    refunds = {order: _refund(story, order) for order in orders}
    words = [word for order, refund in refunds.items() for word in _words(story, order, refund)]
    words *= 2
    dice.shuffle(words)
    refused: list[int] = []
    lock = threading.Lock()

    def post(word: tuple[dict[str, str], str]) -> None:
        status = story.post(*word)[0]
        if status >= 300:
            with lock:
                refused.append(status)

    each(words, post, threads=16)
    unrefunded = _unsettled(story, orders, "partially_refunded")
    entries = made.world.rows(
        "payment", "SELECT order_id, count(*) FROM ledger_entries GROUP BY order_id")
    by_order = {str(order): int(count) for order, count in entries}
    # Paid, promised and given back: three entries, however often it was told.
    doubled = sum(by_order.get(order, 0) != 3 for order in orders)
    own = {"never paid": unpaid, "never refunded": unrefunded, "with other than 3 entries": doubled,
           "true words refused": len(refused)}  # fmt: skip
    return {"orders": share, "words": len(words), **own}, [f"{count} {what}" for what, count in own.items() if count]


def _paid(story: Story) -> str:
    order, page = story.started()
    story.kit.pay(order, page)
    return order


def _refund(story: Story, order: str) -> str:
    refund = story.call(
        "refund_order", order_id=order, amount_minor=PART, refund_available_minor=PRICE, reason="试验")
    return str(refund["refund_id"])


def _words(story: Story, order: str, refund: str) -> Sequence[tuple[dict[str, str], str]]:
    """Give the provider's notifications, and the payment once more under another event's id."""
    kit = story.kit
    # The provider knows the refund once payment has asked for it.
    wait_for(lambda: story.call("get_refund", refund_id=refund)["state"] == "succeeded", SETTLE_S)
    part = {"amount_minor": PART} if kit.name == "sandbox" else {}
    return [
        kit.word(order, tenant=TENANT), kit.word(order, tenant=TENANT, event_id=f"again-{refund}"),
        kit.word(order, refund=refund, tenant=TENANT, **part) if kit.name != "wechat" else kit.word(
            order, refund=refund),
    ]  # fmt: skip


def _unsettled(story: Story, orders: Sequence[str], state: str) -> int:
    left = set(orders)

    def settled() -> bool:
        left.difference_update([order for order in left if story.state(order) == state])
        return not left

    wait_for(settled, SETTLE_S, pause_s=0.5)
    return len(left)
