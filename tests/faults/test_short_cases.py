"""Short form: the orchestrator of cases is killed. `make faults` runs the whole one. A failure shows the account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r24_orchestrator_killed
from tests.faults.experiments.r24_orchestrator_killed import Kill
from tests.faults.lab import Lab

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
KILLS = (Kill("after-commit", 4), Kill("after-ask", 5))


def test_cases_survive_that_their_orchestrator_is_killed(lab: Lab) -> None:
    counts, wrong = r24_orchestrator_killed.carry_under_fire(lab, "R24", 6, KILLS)
    assert wrong == [], counts
