"""Short forms: each way in, token and ticket with one condition missing; the endpoints of OAuth under attack."""
from __future__ import annotations

import pytest

from tests.faults.authority_walls import DECISION, without
from tests.faults.experiments import s01_token_attacks, s21_each_way_missing, s26_forged_tickets
from tests.faults.short import report_of


def test_each_way_with_a_condition_missing_is_closed_and_each_wall_is_needed() -> None:
    report = report_of(s21_each_way_missing, 1)
    s21_each_way_missing.try_all(report)
    assert report.passed, report.text()


@pytest.mark.parametrize(("wall", "condition"), [
    ("sessions", "session ended"), ("sessions", "what the session gave the app has ended"),
    ("apps", "the app is closed"), ("memberships", "membership ended"), ("levels", "level too low"),
    ("scopes", "no scope"), ("mandates", "mandate ended"), ("reach of mandates", "mandate for less"),
    ("consents", "no consent"), ("portals", "an app that is no portal"),
])
def test_a_wall_is_what_closes_its_condition(wall: str, condition: str) -> None:
    with without(DECISION[wall]):
        through = s21_each_way_missing.open_questions()
    assert condition in {name.partition(": ")[2] for name in through}
    assert not s21_each_way_missing.open_questions(), "and it stands again"


def test_no_made_up_token_and_no_proof_of_another_is_taken_by_the_endpoints_of_oauth() -> None:
    for experiment in (s01_token_attacks, s26_forged_tickets):
        report = report_of(experiment, 1)
        experiment.attack_login(report)
        assert report.passed, report.text()
