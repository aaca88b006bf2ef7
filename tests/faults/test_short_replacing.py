"""Short forms: services and databases are replaced. `make faults` runs the whole ones. A failure shows the account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r18_rolling_restart, r25_database_restored
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_services_are_replaced_without_an_error_or_a_repetition(lab: Lab) -> None:
    report = report_of(r18_rolling_restart, 3)
    r18_rolling_restart.roll(lab, report, interval_s=0.5)
    assert report.passed, report.text()


def test_a_restored_dump_holds_the_same_books(lab: Lab) -> None:
    report = report_of(r25_database_restored, 30)
    r25_database_restored.run(lab, report)
    assert report.passed, report.text()
