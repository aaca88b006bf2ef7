"""How much, how many, how fast."""
from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.amqp_proxy.bucket import Bucket
from shared_components.amqp_proxy.limits import Addresses, Limits, Refused
from shared_components.observability.rate_limited_log import RateLimitedLog

LIMITS = Limits(max_message_bytes=1000, bytes_per_s=100, connections=5, connections_per_address=3,
                new_connections_per_s=2)  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 500)), max_size=50))
def test_who_waits_as_told_never_sends_faster_than_allowed(pieces: list[tuple[float, int]]) -> None:
    bucket, now, sent, last = Bucket(100, 1000, 0.0), 0.0, 0, 0
    for idle_s, size in pieces:
        now += idle_s + bucket.wait_for(0, now + idle_s)
        sent, last = sent + size, size
        bucket.take(size, now)
        # The last piece is paid for after it has come.
        assert sent - last <= 1000 + 100 * now + 1e-6


def test_a_quiet_hour_is_no_credit() -> None:
    bucket = Bucket(100, 1000, 0.0)
    assert bucket.take(1000, 3600.0) == 0
    assert bucket.take(200, 3600.0) == pytest.approx(2.0)


def test_connections_are_counted_by_address_and_in_all() -> None:
    addresses = Addresses(LIMITS)
    for _ in range(3):
        assert addresses.enter("10.0.0.1", 0.0) == 0
    with pytest.raises(Refused, match="too-many-connections-of-address"):
        addresses.enter("10.0.0.1", 100.0)
    assert [addresses.enter(f"10.0.0.{last}", 0.0) for last in (2, 3)] == [0, 0]
    with pytest.raises(Refused, match=r"^too-many-connections$"):
        addresses.enter("10.0.0.4", 100.0)
    addresses.leave("10.0.0.1")
    assert addresses.enter("10.0.0.1", 100.0) == 0
    assert addresses.connections == 5


def test_connections_that_come_too_fast_wait_their_turn_then_are_refused_and_owe_nothing() -> None:
    addresses = Addresses(LIMITS)
    waits, refused = [], 0
    for _ in range(1000):
        try:
            waits.append(addresses.enter("10.0.0.1", 0.0))
            addresses.leave("10.0.0.1")
        except Refused as error:
            assert error.reason == "connections-too-fast"
            refused += 1
    assert waits == pytest.approx([0, 0, 0, *(number / 2 for number in range(1, 11))])
    assert refused == 1000 - len(waits)
    assert addresses.enter("10.0.0.1", 5.0) == pytest.approx(0.5), "the thousand knocks are not counted"
    assert addresses.enter("10.0.0.2", 0.0) == 0


def test_addresses_that_left_long_ago_take_no_memory() -> None:
    addresses = Addresses(LIMITS)
    for number in range(5000):
        addresses.enter(f"address-{number}", float(number))
        addresses.leave(f"address-{number}")
    assert len(addresses._turns) < 10
    assert addresses._counts == {}


def test_a_line_that_an_app_can_provoke_is_written_seldom_and_says_how_often(caplog: pytest.LogCaptureFixture) -> None:
    seldom = RateLimitedLog(every_s=1)
    with caplog.at_level(logging.WARNING):
        for hundredth in range(250):
            seldom.tell("edge.app.refused", hundredth / 100, reason="message-too-large")
        seldom.tell("edge.app.slowed", 2.5)
    said = [(record.message, record.untold_before) for record in caplog.records]  # type: ignore[attr-defined]
    assert said == [("edge.app.refused", 0), ("edge.app.refused", 99), ("edge.app.refused", 99), ("edge.app.slowed", 0)]
