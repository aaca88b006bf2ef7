"""Short forms of experiments; `make faults` runs the whole ones. A failure shows the account of its experiment."""
from __future__ import annotations

from types import ModuleType

import pytest

from tests.faults.experiments import r01, r02, r07, r18, r25, s10
from tests.faults.experiments.r02 import Case
from tests.faults.lab import Lab
from tests.faults.report import Report

pytestmark = pytest.mark.integration
SEED = 20_260_101
CRASHES = (Case("till", "after-commit", 2), Case("till", "before-publish", 1), Case("auditor", "before-event-ack", 1))


def report_of(experiment: ModuleType, operations: int) -> Report:
    return Report(experiment.ID, experiment.TITLE, experiment.TARGET, SEED, operations)


def test_payments_survive_that_workers_are_killed(lab: Lab) -> None:
    found = r01.pay_under_fire(lab, "R1", SEED, 250)
    assert found.wrong == [], found.counts
    assert found.deaths.total() >= 1


def test_operations_survive_an_exit_at_crash_points(lab: Lab) -> None:
    for case, counts, _, wrong in r02.crash_at_each(lab, "R2", list(CRASHES), 12):
        assert wrong == [], f"{case.name}: {counts}"


def test_malformed_messages_are_answered_or_buried(lab: Lab) -> None:
    report = report_of(r07, 250)
    r07.send_all(lab, report, report.operations)
    assert report.passed, report.text()


def test_services_are_replaced_without_an_error_or_a_repetition(lab: Lab) -> None:
    report = report_of(r18, 3)
    r18.roll(lab, report, interval_s=0.5)
    assert report.passed, report.text()


def test_callers_are_let_in_exactly_where_the_contracts_say(lab: Lab) -> None:
    report = report_of(s10, 1)
    s10.run(lab, report)
    assert report.passed, report.text()


def test_a_restored_dump_holds_the_same_books(lab: Lab) -> None:
    report = report_of(r25, 30)
    r25.run(lab, report)
    assert report.passed, report.text()
