"""Short forms: evidence and feeds are attacked. `make faults` runs the whole ones."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r32_feed_stalled, s17_audit_edited, s18_data_at_rest, s23_evidence_edited
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


def test_each_change_of_identitys_audit_is_named(lab: Lab) -> None:
    report = report_of(s17_audit_edited, 10)
    s17_audit_edited.attack(lab, report, by_command=False)
    assert report.passed, report.text()


def test_a_canarys_data_is_nowhere_in_the_files_of_the_database(lab: Lab) -> None:
    report = report_of(s18_data_at_rest, 3)
    s18_data_at_rest.search(lab, report)
    assert report.passed, report.text()
