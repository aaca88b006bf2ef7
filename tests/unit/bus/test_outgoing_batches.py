"""Coalescing on the client's side, without a broker."""
from __future__ import annotations

from time import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.bus.client.outgoing_batches import Attempt, OutgoingBatches
from shared_components.bus.client.retry_plan import RetryBudget, pause_before_retry
from shared_components.bus.errors import NoReply, PayloadTooLarge, QueueFull
from shared_components.bus.server.replies import chunks
from shared_components.kernel.errors import AppError, Conflict, OutcomeUnknown, Unavailable


class Caller:
    def __init__(self) -> None:
        self.answers: list[tuple[Any, AppError | None]] = []

    def settle(self, result: Any, error: AppError | None) -> None:
        self.answers.append((result, error))


def prepare(pending: OutgoingBatches, service: str = "payment", **kwargs: Any) -> tuple[Attempt, Caller]:
    caller = Caller()
    attempt = pending.prepare(
        service, "create_order", kwargs, op_id="op", deadline_s=time() + 10, context={}, settle=caller.settle)
    return attempt, caller


def test_what_waits_together_travels_together() -> None:
    pending = OutgoingBatches()
    for number in range(300):
        pending.add(prepare(pending, number=number)[0])
    first, second = pending.take(), pending.take()
    assert first is not None and second is not None
    assert (len(orjson.loads(first.body)), len(orjson.loads(second.body))) == (256, 44)
    assert pending.take() is None


def test_a_message_is_for_one_service() -> None:
    pending = OutgoingBatches()
    for service in ("payment", "identity", "payment"):
        pending.add(prepare(pending, service)[0])
    parcels = [pending.take(), pending.take()]
    assert sorted((p.service, len(p.attempts)) for p in parcels if p) == [("identity", 1), ("payment", 2)]


@given(sizes=st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_no_message_is_over_its_size(sizes: list[int]) -> None:
    pending = OutgoingBatches(max_bytes=8192)
    for size in sizes:
        pending.add(prepare(pending, filler="x" * size)[0])
    sent = 0
    while (parcel := pending.take()) is not None:
        assert len(parcel.body) <= 8192
        sent += len(orjson.loads(parcel.body))
    assert sent == len(sizes)


@given(sizes=st.lists(st.integers(1, 90), min_size=1, max_size=50))
def test_replies_are_split_into_messages_of_the_right_size(sizes: list[int]) -> None:
    parts = [b"1" * size for size in sizes]
    split = chunks(parts, 100)
    assert [part for chunk in split for part in chunk] == parts
    assert all(len(b",".join(chunk)) + 2 <= 100 for chunk in split)


def test_a_call_over_the_size_limit_is_refused_before_it_is_sent() -> None:
    with pytest.raises(PayloadTooLarge, match="at most 262144"):
        prepare(OutgoingBatches(), filler="x" * 262_144)


def test_each_reply_reaches_its_caller_once() -> None:
    pending = OutgoingBatches()
    (first, first_caller), (second, second_caller) = prepare(pending), prepare(pending)
    pending.add(first)
    pending.add(second)
    pending.settle_replies(orjson.dumps([{"id": second.id, "result": 2}]))
    pending.settle_replies(orjson.dumps([{"id": second.id, "result": 3}, {"id": first.id, "result": 1}]))
    pending.settle_replies(orjson.dumps([{"id": "nobody", "result": 1}]))
    assert first_caller.answers == [(1, None)]
    assert second_caller.answers == [(2, None)]
    assert len(pending) == 0


def test_a_lost_connection_fails_what_was_sent_and_keeps_what_was_not() -> None:
    pending = OutgoingBatches()
    sent, sent_caller = prepare(pending)
    pending.add(sent)
    assert pending.take() is not None
    unsent, unsent_caller = prepare(pending)
    pending.add(unsent)
    pending.fail_sent(NoReply)
    assert isinstance(sent_caller.answers[0][1], OutcomeUnknown)
    assert unsent_caller.answers == []
    assert len(pending) == 1


def test_a_message_that_the_broker_refuses_fails_its_calls_at_once() -> None:
    pending = OutgoingBatches()
    attempt, caller = prepare(pending)
    pending.add(attempt)
    parcel = pending.take()
    assert parcel is not None
    pending.sent(1, parcel)
    pending.confirmed(1, False, QueueFull())
    assert isinstance(caller.answers[0][1], Unavailable)


def test_a_caller_that_gives_up_leaves_nothing_behind() -> None:
    pending = OutgoingBatches()
    attempt, caller = prepare(pending)
    pending.add(attempt)
    pending.forget(attempt)
    assert pending.take() is None and len(pending) == 0
    assert caller.answers == []


def test_only_what_may_help_is_asked_again() -> None:
    assert pause_before_retry(NoReply(), 0, 5) is not None
    assert pause_before_retry(QueueFull(details={"retry_after_s": 1}), 0, 5) is not None
    assert pause_before_retry(Conflict(), 0, 5) is None
    assert pause_before_retry(NoReply(), 0, 0.0) is None, "no time is left"


def test_the_retry_budget_keeps_amplification_small() -> None:
    budget = RetryBudget(ratio=0.1, reserve=10)
    retries = 0
    for _ in range(1000):
        budget.earn()
        retries += budget.spend()
    assert retries <= 1000 * 0.1 + 10 + 1
