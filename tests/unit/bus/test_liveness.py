"""When a process counts as dead: its consumer loop has ended, or has found no broker for too long."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shared_components.observability.health import Health
from shared_components.runtime.host import LONGEST_WITHOUT_CONNECTION_S, ServiceHost


def session(**state: Any) -> Any:
    return SimpleNamespace(**{"running": True, "lost_for_s": 0.0, "is_unsteady": False, **state})


@pytest.mark.parametrize(("state", "said"), [
    ({}, None),
    ({"lost_for_s": LONGEST_WITHOUT_CONNECTION_S - 1}, None),
    ({"lost_for_s": LONGEST_WITHOUT_CONNECTION_S + 1}, "no connection for 121 s"),
    ({"is_unsteady": True}, "its connection was lost 20 times within 120 s"),
    ({"running": False}, "consumer loop has ended"),
])
def test_a_loop_is_alive_while_it_runs_and_may_hope(state: dict[str, Any], said: str | None) -> None:
    host = ServiceHost([], lambda service: {}, Health())
    assert host._liveness(session(**state)) == said


def test_a_host_that_was_told_to_stop_is_alive_until_it_has() -> None:
    host = ServiceHost([], lambda service: {}, Health())
    host.stop(1.0)
    assert host._liveness(session(running=False)) is None
