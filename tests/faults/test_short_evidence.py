"""Short forms: evidence and feeds are attacked. `make faults` runs the whole ones."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r32_feed_stalled, s23_evidence_edited
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_attacked_evidence_is_named_and_a_killed_sealer_loses_nothing(lab: Lab) -> None:
    report = report_of(s23_evidence_edited, 40)
    s23_evidence_edited.attack(lab, report)
    assert report.passed, report.text()


def test_no_right_is_used_after_the_answer_to_its_revocation(lab: Lab) -> None:
    counts, wrong = r32_feed_stalled.break_and_use(lab, report_of(r32_feed_stalled, 2))
    assert wrong == []
    assert counts["allowed"] > 0 and counts["refused"] > 0
