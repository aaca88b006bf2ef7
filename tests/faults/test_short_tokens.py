"""Short forms: access and refresh tokens are attacked. `make faults` runs the whole ones."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.experiments import s01_token_attacks, s02_refresh_tokens_replayed
from tests.faults.lab import Lab
from tests.faults.revocations import SERVICE, City
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_no_attack_on_an_access_token_is_taken_by_the_running_gateway(lab: Lab, tmp_path: Path) -> None:
    report = report_of(s01_token_attacks, 1)
    with lab.world("S1-short", "identity", SERVICE) as world:
        s01_token_attacks.attack(City(world, tmp_path), report)
    assert report.passed, report.text()


def test_a_replayed_refresh_token_ends_its_family_and_a_lost_reply_does_not(lab: Lab) -> None:
    report = report_of(s02_refresh_tokens_replayed, 12)
    s02_refresh_tokens_replayed.replay(lab, report)
    assert report.passed, report.text()
