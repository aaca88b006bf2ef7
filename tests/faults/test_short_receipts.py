"""Short form: carriers' receipts, lost, doubled, reordered and forged. `make faults` has providers' callbacks too."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r12_callbacks_reordered
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_every_text_ends_as_its_true_receipts_say(lab: Lab) -> None:
    report = report_of(r12_callbacks_reordered, 1)
    r12_callbacks_reordered.hear_receipts(lab, report, 40)
    assert report.passed, report.text()
