"""Short form: the sealer is killed, and the log attacked. `make faults` runs the whole one."""
from __future__ import annotations

import pytest

from tests.faults.experiments import s23_evidence_edited
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_attacked_evidence_is_named_and_a_killed_sealer_loses_nothing(lab: Lab) -> None:
    report = report_of(s23_evidence_edited, 100)
    s23_evidence_edited.run(lab, report)
    assert report.passed, report.text()
