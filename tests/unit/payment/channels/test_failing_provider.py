"""R16, short, in virtual time: a provider that fails nine times in ten for a minute, and 500 refunds meanwhile."""
from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from services.payment.channels.adapters.breaker import Breaker
from services.payment.channels.adapters.guarded import GuardedChannel
from services.payment.channels.domain.channel import RefundRequest, RefundStatus
from services.payment.channels.domain.errors import ChannelUnavailable
from services.payment.channels.domain.ports import Channel
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.scheduled import push_refunds
from shared_components.kernel import circuit_breaker as breakers
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.steps import apply, ask_refund, books, make_orders, paid_word
from tests.unit.payment.world import TENANT, FakeChannel, fixed_clock

REFUNDS, OUTAGE_S, SWEEP_S = 500, 60, 5


class FailingChannel(FakeChannel):
    """failing: share of requests that fail; half of those are done all the same."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.failing = 0.0
        self.dice = random.Random(seed)

    def refund(self, request: RefundRequest) -> RefundStatus:
        self._fail_before()
        status = super().refund(request)
        if self.dice.random() < self.failing / 2:
            raise ChannelUnavailable("no answer")
        return status

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        self._fail_before()
        return super().refund_status(request)

    def _fail_before(self) -> None:
        if self.dice.random() < self.failing:
            self.asked.append(("failed", ""))
            raise ChannelUnavailable("no answer")


class OneChannel:
    def __init__(self, guarded: GuardedChannel) -> None:
        self.guarded = guarded

    def named(self, name: str) -> Channel:
        return self.guarded

    def configured(self) -> list[str]:
        return ["sandbox"]

    def circuit_open(self) -> Collection[str]:
        return () if self.guarded.breaker.ready() else ("sandbox",)


@dataclass
class Outcome:
    """amplification: requests that the provider saw, for each that the work needs."""

    amplification: float
    recovered_s: int
    books: dict[str, int]


def lived(seed: int, count: int = REFUNDS) -> Outcome:
    clock: FixedClock = fixed_clock()
    began = clock.now()
    inner = FailingChannel(seed)
    channels = OneChannel(GuardedChannel(
        inner, Breaker("sandbox", clock=lambda: (clock.now() - began).total_seconds())
    ))
    transactions = MemoryTransactions(clock, [], channels)
    orders = [str(order["order_id"]) for order in make_orders(transactions, count)]
    apply(transactions, *(paid_word(order_id) for order_id in orders))
    inner.failing = 0.9
    recovered_s, waiting = -1, list(orders)
    for second in range(OUTAGE_S + 600):
        if second == OUTAGE_S:
            inner.failing = 0.0
        for order_id in [waiting.pop() for _ in range(min(len(waiting), 1 + count // OUTAGE_S))]:
            refund = ask_refund(transactions, order_id, 1000, available=1000)
            push_refund(transactions, channels, TENANT, refund["refund_id"])  # what the event does
        if second % SWEEP_S == 0:
            push_refunds(transactions, channels)
        if second >= OUTAGE_S and _all_done(transactions):
            recovered_s = second - OUTAGE_S
            break
        clock.advance(timedelta(seconds=1))
    return Outcome(len(inner.asked) / count, recovered_s, books(transactions))


def _all_done(transactions: Any) -> bool:
    return books(transactions)["channel-clearing/sandbox"] == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_provider_is_spared_and_all_is_done_soon_after_it_answers(seed: int) -> None:
    outcome = lived(seed)
    assert outcome.amplification <= 1.2
    assert 0 <= outcome.recovered_s <= 30
    assert outcome.books["refunds-payable"] == 0


@pytest.mark.parametrize("seed", range(5))
def test_few_that_were_probes_again_and_again_do_not_wait_long_afterwards(seed: int) -> None:
    assert 0 <= lived(seed, 6).recovered_s <= 30


def test_without_the_breaker_it_would_be_hammered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof that the test above sees what it looks for."""
    monkeypatch.setattr(breakers, "IN_A_ROW", 10**6)
    monkeypatch.setattr(breakers, "FAILING", 2.0)
    outcome = lived(1)
    assert outcome.amplification > 2
