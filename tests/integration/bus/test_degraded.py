"""A stream of the broker tells every process what operators switch off, also one that starts later."""
from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from shared_components.bus.amqp import degraded
from shared_components.bus.amqp.degraded import SwitchedOff
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.errors import CallerNotAllowed
from shared_components.bus.server.topology_watch import Needed, TopologyWatch
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration
UNTIL = 4_000_000_000.0


def _follows(word: SwitchedOff) -> bool:
    return degraded.current() == word


@pytest.fixture(autouse=True)
def nothing_off() -> Iterator[None]:
    degraded.apply(SwitchedOff())
    yield
    degraded.apply(SwitchedOff())


def test_the_last_word_is_followed_and_stays_for_who_starts_later(broker_url: str) -> None:
    words = [SwitchedOff(frozenset({name}), UNTIL) for name in ("reports", "exports")]
    watch = TopologyWatch(broker_url, Needed([]), service="payment", heartbeat_s=0, every_s=0.3)
    with BrokerView(broker_url) as view:
        assert view.degraded() == SwitchedOff()
        watch.start()
        try:
            for word in words:
                view.degrade(word)
                assert view.degraded() == word
                wait_until(partial(_follows, word), "the process follows")
        finally:
            watch.stop()
        degraded.apply(SwitchedOff())
        later = TopologyWatch(broker_url, Needed([]), service="payment", heartbeat_s=0, every_s=0.3)
        later.start()
        try:
            wait_until(lambda: degraded.current() == words[-1], "a new process knows it, too")
            view.degrade(SwitchedOff())
            wait_until(lambda: degraded.current() == SwitchedOff(), "everything is offered again")
        finally:
            later.stop()


def test_where_users_are_verified_another_ones_word_does_not_count(broker_url: str) -> None:
    """The test's user is not the operator."""
    watch = TopologyWatch(broker_url, Needed([]), service="payment", heartbeat_s=0, every_s=0.1, verified=True)
    with BrokerView(broker_url) as view:
        view.degrade(SwitchedOff(frozenset({"deferrable"}), UNTIL))
        watch.start()
        try:
            wait_until(lambda: view.instances() != [], "it has looked")
        finally:
            watch.stop()
    assert degraded.current() == SwitchedOff()


def test_an_operator_sees_what_counts_and_another_user_is_told_so(broker_url: str) -> None:
    """The test's user is not the operator."""
    with BrokerView(broker_url) as stranger, BrokerView(broker_url, verified=True) as view:
        stranger.degrade(SwitchedOff(frozenset({"deferrable"}), UNTIL))
        assert (stranger.degraded().names, view.degraded()) == (frozenset({"deferrable"}), SwitchedOff())
        with pytest.raises(CallerNotAllowed, match="methods are switched off by 'operator' alone"):
            view.degrade(SwitchedOff(frozenset({"reports"}), UNTIL))
        assert stranger.degraded().names == {"deferrable"}, "nothing was published"
