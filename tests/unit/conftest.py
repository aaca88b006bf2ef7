"""Marks the unit tests that `make check` leaves out; `make test` runs all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
# Folder → files wherever they lie below it, or tests of a file: they start processes or take over a second.
SLOW: Mapping[str, Sequence[str]] = {
    "bus": ("test_real_threads.py", "test_step_hook.py", "test_hubs.py", "test_warnings.py"),
    "cli": ("test_new_service.py", "test_refusals.py", "test_run.py", "test_sandbox.py", "test_stack.py"),
    "contracts": ("test_diff_against_validator.py",),
    "docs": ("test_event_example.py", "test_readme.py"),
    "elicence": ("test_model.py", "test_on_bus.py"),
    "db": ("test_model.py",),
    "identity": ("test_attempts_model.py", "test_level_properties.py", "test_model.py", "test_on_bus.py"),
    "inproc": ("test_nameko.py",),
    "matter": ("test_model.py", "test_on_bus.py"),
    "observability": ("test_health.py",),
    "security": ("test_permits.py::test_the_decision_is_that_of_the_model", "test_sealed_rows.py"),
    "testing": ("test_suites_for_suppliers.py",),
    "payment": (
        "test_books_model.py", "test_callbacks_on_bus.py", "test_channel_contract.py", "test_channels.py",
        "test_channel_fees.py::test_many_corrections_are_all_found_again", "test_commands.py",
        "test_failing_provider.py", "test_matching.py", "test_on_bus.py", "test_receipt_model.py",
        "test_reconcile_benchmark.py", "test_sandbox.py", "test_sandbox_statement.py", "test_settlement.py",
        "test_statement_files.py::test_a_long_statement_is_read_in_pieces", "test_storage.py",
        "test_webhook_crash.py", "test_webhooks.py::test_a_slow_endpoint_does_not_hold_up_the_others",
    ),
}


def stale() -> Iterator[str]:
    """Yield the entries of SLOW that are no file any more."""
    for folder, names in SLOW.items():
        yield from (f"{folder}/{name}" for name in names if not any((FOLDER / folder).rglob(name.split("::")[0])))


def is_slow(item: pytest.Item) -> bool:
    """Tell whether `make check` leaves the test out."""
    if not item.path.is_relative_to(FOLDER):
        return False
    names = SLOW.get(item.path.relative_to(FOLDER).parts[0], ())
    return item.path.name in names or f"{item.path.name}::{item.name.partition('[')[0]}" in names


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    if wrong := list(stale()):
        raise pytest.UsageError(f"tests/unit/conftest.py names files that do not exist: {', '.join(wrong)}")
    for item in items:
        if is_slow(item):
            item.add_marker(pytest.mark.slow)
