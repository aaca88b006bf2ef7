"""A channel that fails is probed, not hammered, and taken back when it answers."""
from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from services.payment.channels.adapters.breaker import Breaker
from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelRefused, ChannelUnavailable
from shared_components.kernel import circuit_breaker as module


class Provider:
    """failing: share of calls that fail."""

    def __init__(self) -> None:
        self.failing = 0.0
        self.asked = 0
        self.dice = random.Random(7)

    def __call__(self) -> str:
        self.asked += 1
        if self.dice.random() < self.failing:
            raise ChannelUnavailable("no answer")
        return "done"


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker("test", clock=time)


@pytest.fixture
def provider() -> Provider:
    return Provider()


def tried(breaker: Breaker, work: Callable[[], object]) -> bool:
    try:
        breaker.call(work)
    except ChannelUnavailable:
        return False
    return True


def test_it_passes_calls_on_while_most_are_answered(breaker: Breaker, provider: Provider, time: Time) -> None:
    provider.failing = 0.2
    for _ in range(500):
        tried(breaker, provider)
        time.now += 0.1
    assert provider.asked == 500


def test_five_failures_open_it_and_it_says_when_to_come_again(breaker: Breaker, provider: Provider) -> None:
    provider.failing = 1
    for _ in range(20):
        assert not tried(breaker, provider)
    assert provider.asked == 5
    assert not breaker.ready()
    with pytest.raises(ChannelUnavailable, match="left alone") as caught:
        breaker.call(provider)
    assert caught.value.details["retry_after_s"] >= 1


def test_a_refusal_is_an_answer(breaker: Breaker) -> None:
    def refuse() -> None:
        raise ChannelRefused("no", details={"channel_code": "NO"})

    for _ in range(50):
        with pytest.raises(ChannelRefused):
            breaker.call(refuse)
    assert breaker.ready()


def test_of_a_channel_that_fails_nine_times_in_ten_a_minute_costs_a_few_probes(
    breaker: Breaker, provider: Provider, time: Time
) -> None:
    """R16 in virtual time: 50 attempts a second for a minute."""
    provider.failing = 0.9
    for _ in range(3000):
        tried(breaker, provider)
        time.now += 0.02
    assert provider.asked < 60
    provider.failing = 0
    healed_at = time.now
    while not (tried(breaker, provider) and breaker.ready() and tried(breaker, provider)):
        time.now += 0.02
    assert time.now - healed_at <= module.LONGEST_WAIT_S + 1


def test_one_success_of_a_failing_channel_does_not_close_it(breaker: Breaker, provider: Provider, time: Time) -> None:
    provider.failing = 1
    for _ in range(5):
        tried(breaker, provider)
    time.now += 10
    provider.failing = 0
    assert tried(breaker, provider)
    provider.failing = 1
    assert not tried(breaker, provider)
    assert not breaker.ready()


def test_only_one_probe_at_a_time_passes(breaker: Breaker, provider: Provider, time: Time) -> None:
    provider.failing = 1
    for _ in range(5):
        tried(breaker, provider)
    time.now += 10
    entered, leave, asked = threading.Event(), threading.Event(), []

    def slow() -> str:
        asked.append(1)
        entered.set()
        leave.wait(10)
        return "done"

    probe = threading.Thread(target=lambda: breaker.call(slow))
    probe.start()
    assert entered.wait(10)
    results = [tried(breaker, slow) for _ in range(20)]
    leave.set()
    probe.join(10)
    assert not any(results) and len(asked) == 1


def test_a_probe_that_ends_otherwise_gives_its_place_back(breaker: Breaker, provider: Provider, time: Time) -> None:
    provider.failing = 1
    for _ in range(5):
        tried(breaker, provider)
    time.now += 10

    def crash() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        breaker.call(crash)
    time.now += 10
    assert breaker.ready()


def test_failures_of_long_ago_do_not_count(breaker: Breaker, provider: Provider, time: Time) -> None:
    provider.failing = 1
    for _ in range(4):
        tried(breaker, provider)
        time.now += 61
    for _ in range(4):
        tried(breaker, provider)
    assert breaker.ready() and provider.asked == 8


def test_the_registry_tells_which_channels_are_silent() -> None:
    from services.payment.channels.adapters.registry import ChannelRegistry
    from services.payment.schemas import PaymentSettings

    registry = ChannelRegistry(PaymentSettings().load({"sandbox": {
        "base_url": "http://127.0.0.1:9", "merchant_id": "m1", "secret": "a-secret-for-tests-only",
        "notify_url": "http://127.0.0.1:9/x",
    }}))
    channel = registry.named("sandbox")
    assert registry.circuit_open() == set()
    for _ in range(5):
        with pytest.raises(ChannelUnavailable):
            channel.payment("pay_1")
    assert registry.circuit_open() == {"sandbox"}
    with pytest.raises(ChannelUnavailable, match="left alone"):
        channel.close("pay_1")
    with pytest.raises(Exception, match="header X-Zhongtai"):  # notifications are read all the same
        channel.read({}, "{}", now=datetime.now(UTC))
    registry.close()


def test_a_wrong_configuration_is_told_as_that_while_the_channel_is_left_alone_and_logged_once(
    breaker: Breaker, time: Time, provider: Provider, caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse() -> None:
        raise ChannelMisconfigured("services.payment.test needs another secret")

    for _ in range(8):
        with pytest.raises(ChannelMisconfigured, match="needs another secret"):
            breaker.call(refuse)
    assert not breaker.ready()
    logged = [record for record in caplog.records if record.message == "payment.channel.misconfigured"]
    assert [(one.levelname, vars(one)["channel"], vars(one)["code"]) for one in logged] == [
        ("ERROR", "test", "payment.channel-misconfigured")]
    for _ in range(3):
        time.now += 10
        breaker.call(provider)
    provider.failing = 1.0
    for _ in range(8):
        with pytest.raises(ChannelUnavailable) as caught:
            breaker.call(provider)
    assert not isinstance(caught.value, ChannelMisconfigured), "that was mended"
