"""Short forms: processes are killed. `make faults` runs the whole ones. A failure shows its experiment's account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r01_workers_killed, r02_process_ended_at_each_point
from tests.faults.experiments.r02_process_ended_at_each_point import Case
from tests.faults.lab import Lab
from tests.faults.short import SEED

pytestmark = pytest.mark.integration
CRASHES = (Case("till", "after-commit", 2), Case("till", "before-publish", 1), Case("auditor", "before-event-ack", 1))


def test_payments_survive_that_workers_are_killed(lab: Lab) -> None:
    found = r01_workers_killed.pay_under_fire(lab, "R1", SEED, 150)
    if not found.deaths:  # a quick machine was done before the first kill
        found = r01_workers_killed.pay_under_fire(lab, "R1-longer", SEED, 500)
    assert found.wrong == [], found.counts
    assert found.deaths.total() >= 1


def test_operations_survive_an_exit_at_crash_points(lab: Lab) -> None:
    for case, counts, _, wrong in r02_process_ended_at_each_point.crash_at_each(lab, "R2", list(CRASHES), 12):
        assert wrong == [], f"{case.name}: {counts}"
