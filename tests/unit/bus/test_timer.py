"""A timer's run that does not end is told of."""
from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from shared_components.bus.server import timer


def test_a_run_that_does_not_end_is_told_of_until_it_does(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(timer, "LONG_RUN_S", 0.05)

    def spawn_worker(*_: Any, handle_result: Any, **__: Any) -> None:
        threading.Timer(0.18, handle_result, (None, None, None)).start()

    timers: Any = timer.Timers()
    timers.container = SimpleNamespace(spawn_worker=spawn_worker)
    timers._run(SimpleNamespace(method_name="deliver"))
    told = [record for record in caplog.records if record.message == "bus.timer.still_running"]
    assert 1 <= len(told) <= 3
    assert {record.__dict__["handler"] for record in told} == {"deliver"}
