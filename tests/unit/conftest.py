"""Marks the unit tests that `make check` leaves out; `make test` runs all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
# They start other processes, or a whole platform in this one.
SLOW = (
    "bus/test_step_hook.py",
    "bus/test_hubs.py",
    "bus/test_warnings.py",
    "cli/test_new_service.py",
    "cli/test_refusals.py",
    "cli/test_run.py",
    "cli/test_sandbox.py",
    "cli/test_stack.py",
    "docs/test_event_example.py",
    "docs/test_readme.py",
    "elicence/test_on_bus.py",
    "identity/test_on_bus.py",
    "inproc/test_nameko.py",
    "matter/test_on_bus.py",
    "observability/test_health.py",
    "payment/test_callbacks_on_bus.py",
    "payment/test_channels.py",
    "payment/test_commands.py",
    "payment/test_on_bus.py",
    "payment/test_sandbox.py",
    "payment/test_settlement.py",
    "payment/test_webhook_crash.py",
)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER) and str(item.path.relative_to(FOLDER)) in SLOW:
            item.add_marker(pytest.mark.slow)
