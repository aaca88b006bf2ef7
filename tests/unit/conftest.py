"""Marks the unit tests that `make check` leaves out; `make test` runs all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
# Folder → files, wherever they lie below it. They start processes or a platform, or take over a second.
SLOW: Mapping[str, Sequence[str]] = {
    "bus": ("test_step_hook.py", "test_hubs.py", "test_warnings.py"),
    "cli": ("test_new_service.py", "test_refusals.py", "test_run.py", "test_sandbox.py", "test_stack.py"),
    "contracts": ("test_diff_against_validator.py",),
    "docs": ("test_event_example.py", "test_readme.py"),
    "elicence": ("test_model.py", "test_on_bus.py"),
    "identity": ("test_on_bus.py",),
    "inproc": ("test_nameko.py",),
    "matter": ("test_model.py", "test_on_bus.py"),
    "observability": ("test_health.py",),
    "payment": (
        "test_books_model.py", "test_callbacks_on_bus.py", "test_channel_contract.py", "test_channels.py",
        "test_commands.py", "test_matching.py", "test_on_bus.py", "test_receipt_model.py",
        "test_reconcile_benchmark.py", "test_sandbox.py", "test_sandbox_statement.py", "test_settlement.py",
        "test_webhook_crash.py",
    ),
}


def stale() -> Iterator[str]:
    """Yield the entries of SLOW that are no file any more."""
    for folder, names in SLOW.items():
        yield from (f"{folder}/{name}" for name in names if not any((FOLDER / folder).rglob(name)))


def is_slow(path: Path) -> bool:
    """Tell whether `make check` leaves the file out."""
    return path.is_relative_to(FOLDER) and path.name in SLOW.get(path.relative_to(FOLDER).parts[0], ())


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    if wrong := list(stale()):
        raise pytest.UsageError(f"tests/unit/conftest.py names files that do not exist: {', '.join(wrong)}")
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)
