"""S9: lies told to the callback address, with the providers' real keys where a lie needs them."""
from __future__ import annotations

import threading
from collections import Counter

from tests.faults.channels import ALL, ChannelWorld, channel_world
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.unit.payment.channels.attacks import CLAIM, attacks
from tests.unit.payment.channels.story import TENANT, Story

ID, TITLE = "S9", "forged, old, altered and misdirected callbacks"
TARGET = "0 accepted; the true word counts once, and replays change nothing"
OPERATIONS, UNIT = 5, "orders a channel, and every byte of one word"


def run(lab: Lab, report: Report) -> None:
    report.faults = "bad, missing, old signatures; another amount, currency, merchant, app, tenant or order"
    with channel_world(lab, report.id, *ALL) as made:
        for name, story in made.stories.items():
            story.kit.lose_callbacks()
            paid, page = story.started()
            story.kit.pay(paid, page)
            story.post(*story.kit.word(paid, tenant=TENANT))
            started = [_target(story) for _ in range(report.operations)]
            targets = [order for order, _ in started]
            told = _lie(story, targets, paid)
            flipped = _flip(story, targets[0])
            accepted = [order for order in targets if story.state(order) != "pending"]
            for target in started:
                story.kit.pay(*target)
            wrong = [f"accepted: {what} ({count})" for what, count in told.items() if what.startswith("+")]
            wrong += [f"{len(accepted)} orders paid by a lie"] if accepted else []
            wrong += [f"{flipped['+']} flipped bytes accepted"] if flipped["+"] else []
            wrong += _truth(made, story, targets)
            report.add(name, {"lies": told.total(), "bytes": flipped.total(), "accepted": len(wrong)}, wrong)


def _target(story: Story) -> tuple[str, str]:
    """Nobody has paid it: a question to the provider finds no money either."""
    order, page = story.started()
    story.kit.visit(page)
    return order, page


def _lie(story: Story, targets: list[str], paid: str) -> Counter[str]:
    """Tell a lie and give its name, with a + before it when it was answered like the truth."""
    told: Counter[str] = Counter()
    for order in targets:
        for what, headers, body in attacks(story.kit, order, paid):
            told[f"{'+' if story.post(headers, body)[0] < 300 else ''}{what}"] += 1
    return told


def _flip(story: Story, order: str) -> Counter[str]:
    headers, body = story.kit.word(order, **CLAIM)
    raw, found, lock = body.encode(), Counter[str](), threading.Lock()

    def flip(position: int) -> None:
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1:]
        answer = story.http.post(f"/callbacks/payment/{story.kit.name}", content=changed, headers=headers)
        with lock:
            found["+" if answer.is_success else "-"] += 1

    each(range(len(raw)), flip, threads=8)
    return found


def _truth(made: ChannelWorld, story: Story, targets: list[str]) -> list[str]:
    """The proof that the lies were near: the same kit's true word is taken, and only once."""
    wrong = []
    for order in targets:
        word = story.kit.word(order, tenant=TENANT)
        for _ in range(3):
            story.post(*word)
        entries = made.operator.payment.list_entries(order_id=order)["items"]
        if story.state(order) != "paid" or len(entries) != 1:
            wrong.append(f"the true word made {len(entries)} entries and left it {story.state(order)}")
    return wrong
