"""Short forms: passwords and codes are guessed, and accounts looked for. `make faults` runs the whole ones."""
from __future__ import annotations

import pytest

from tests.faults.experiments import s03_guessing, s04_known_or_unknown
from tests.faults.guessing import unlimited
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_guessers_at_once_compare_no_more_than_the_limit(lab: Lab) -> None:
    report = report_of(s03_guessing, 32)
    s03_guessing.guess(lab, report)
    assert report.passed, report.text()


def test_the_experiment_sees_guesses_without_limits(lab: Lab) -> None:
    report = report_of(s03_guessing, 32)
    with unlimited():
        s03_guessing.guess(lab, report)
    assert not report.passed


def test_a_known_and_an_unknown_person_are_told_the_same_after_the_same_time(lab: Lab) -> None:
    report = report_of(s04_known_or_unknown, 60)
    s04_known_or_unknown.compare(lab, report)
    assert report.passed, report.text()


def test_the_experiment_sees_a_hash_that_is_left_out(lab: Lab) -> None:
    assert s04_known_or_unknown.blind(lab, report_of(s04_known_or_unknown, 40)) < s04_known_or_unknown.SIGNIFICANT
