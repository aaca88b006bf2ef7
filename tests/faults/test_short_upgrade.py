"""Short form: two versions side by side. `make faults ONLY=R20` runs the whole one. A failure shows the account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r20_two_versions
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


@pytest.mark.timeout(400)
def test_old_and_new_processes_serve_side_by_side_in_both_orders(lab: Lab) -> None:
    report = report_of(r20_two_versions, 40)
    r20_two_versions.roll(lab, report, cases=1, quiet=False)
    if report.skipped:
        pytest.skip(report.skipped)
    assert report.passed, report.text()
