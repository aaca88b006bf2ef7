"""Short forms: services and databases are replaced. `make faults` runs the whole ones. A failure shows the account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r18, r25
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_services_are_replaced_without_an_error_or_a_repetition(lab: Lab) -> None:
    report = report_of(r18, 3)
    r18.roll(lab, report, interval_s=0.5)
    assert report.passed, report.text()


def test_a_restored_dump_holds_the_same_books(lab: Lab) -> None:
    report = report_of(r25, 30)
    r25.run(lab, report)
    assert report.passed, report.text()
