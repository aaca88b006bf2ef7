"""The error of a client that has asked more than once."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.client.retry_plan import FailedCall, ReplyTimes, RetryPlan, pause_before_retry
from shared_components.bus.errors import BrokerUnavailable, DeadlinePassed, NoReply, QueueFull
from shared_components.kernel.errors import AppError, Conflict, OutcomeUnknown

URL = "amqp://nobody@127.0.0.1:1/"
Ending = Callable[[pytest.MonkeyPatch, list[AppError]], AppError]


def blocking(monkeypatch: pytest.MonkeyPatch, answers: list[AppError]) -> AppError:
    """How a call ends whose attempts end so, one after the other."""
    coming = iter(answers)

    def attempt(*_: Any) -> Any:
        raise next(coming)

    client = BusClient(URL)
    monkeypatch.setattr(client, "_call_once", attempt)
    with pytest.raises(AppError) as ended:
        client.call("till", "keep", {}, op_id="op-7", timeout_s=0.3 * len(answers))
    return ended.value


def asynchronous(monkeypatch: pytest.MonkeyPatch, answers: list[AppError]) -> AppError:
    coming = iter(answers)

    async def attempt(*_: Any) -> Any:
        raise next(coming)

    async def run() -> AppError:
        client = AsyncBusClient(URL)
        monkeypatch.setattr(client, "_call_once", attempt)
        with pytest.raises(AppError) as ended:
            await client.call("till", "keep", {}, op_id="op-7", timeout_s=0.3 * len(answers))
        return ended.value

    return asyncio.run(run())


@pytest.fixture(params=[blocking, asynchronous], ids=["blocking", "asyncio"])
def ending(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("refusal", [
    DeadlinePassed, lambda: BrokerUnavailable(details={"retry_after_s": 60}),
    lambda: QueueFull(details={"retry_after_s": 60}),
])  # fmt: skip
def test_a_refusal_after_an_unanswered_attempt_says_nothing_about_that_attempt(
    ending: Ending, monkeypatch: pytest.MonkeyPatch, refusal: Callable[[], AppError]
) -> None:
    """`unavailable` means that nothing was done; the first attempt may have been."""
    error = ending(monkeypatch, [NoReply("the connection was lost"), refusal()])
    assert isinstance(error, OutcomeUnknown)
    assert error.details["op_id"] == "op-7"


def test_an_answer_after_an_unanswered_attempt_is_final(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(ending(monkeypatch, [NoReply("lost"), Conflict("no")]), Conflict)


def test_a_refusal_alone_stays_a_refusal(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(ending(monkeypatch, [BrokerUnavailable("off"), DeadlinePassed()]), DeadlinePassed)


def test_a_refusal_is_not_given_up_for_an_attempt_that_could_not_be_answered() -> None:
    refused = QueueFull(details={"retry_after_s": 1})
    assert pause_before_retry(refused, 0, left_s=2.0) is not None
    assert pause_before_retry(refused, 0, left_s=3.0, usual_s=1.9) is None
    assert pause_before_retry(refused, 0, left_s=4.2, usual_s=1.9) is not None
    # what is not known yet is always worth asking again
    assert pause_before_retry(NoReply("lost"), 0, left_s=2.0, usual_s=1.9) is not None


def test_a_call_that_was_refused_late_ends_with_that_refusal(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReplyTimes, "usual_s", lambda *_: 5.0)
    assert isinstance(ending(monkeypatch, [BrokerUnavailable("off"), AssertionError()]), BrokerUnavailable)  # type: ignore[list-item]


def test_long_replies_count_at_once_and_are_forgotten_little_by_little() -> None:
    times = ReplyTimes()
    assert times.usual_s("till", "keep") == 0.0
    for seconds in (0.1, 2.0, 0.1):
        times.note("till", "keep", seconds)
    assert times.usual_s("till", "keep") == pytest.approx(1.905)
    assert times.usual_s("till", "say") == 0.0


def test_the_plan_ends_a_call_with_what_was_not_answered() -> None:
    plan, call = RetryPlan(), FailedCall("till", "keep", "op-7")
    assert plan.pause_s(call, NoReply(), took_s=0.1, left_s=5.0) is not None
    assert plan.pause_s(call, Conflict(), took_s=0.1, left_s=5.0) is None
    assert isinstance(call.last_word, Conflict)
    assert plan.pause_s(call, BrokerUnavailable(), took_s=0.1, left_s=0.0) is None
    assert isinstance(call.last_word, NoReply)
    assert call.last_word.details == {"op_id": "op-7"}


def test_the_plan_gives_up_when_the_budget_of_all_calls_is_spent() -> None:
    plan = RetryPlan()
    pauses = [plan.pause_s(FailedCall("till", "keep", "op"), NoReply(), took_s=0.0, left_s=60.0) for _ in range(25)]
    assert [pause is None for pause in pauses] == [False] * 20 + [True] * 5
    for _ in range(10):
        plan.begin()
    assert plan.pause_s(FailedCall("till", "keep", "op"), NoReply(), took_s=0.0, left_s=60.0) is not None


def test_the_plan_leaves_time_for_the_usual_reply_after_a_refusal() -> None:
    plan = RetryPlan()
    plan.answered("till", "keep", 4.0)
    assert plan.pause_s(FailedCall("till", "keep", "op"), QueueFull(), took_s=0.0, left_s=4.5) is None
    assert plan.pause_s(FailedCall("till", "other", "op"), QueueFull(), took_s=0.0, left_s=4.5) is not None
