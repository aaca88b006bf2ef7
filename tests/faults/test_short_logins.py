"""Short form: secrets are planted before the login, and other sites send forms. `make faults` runs the whole one."""
from __future__ import annotations

import pytest

from tests.faults.experiments import s05_planted_and_foreign
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_a_planted_secret_signs_nobody_in(lab: Lab) -> None:
    report = report_of(s05_planted_and_foreign, 1)
    s05_planted_and_foreign.plant(lab, report)
    assert report.passed, report.text()


def test_no_form_of_another_site_reaches_identity_and_without_the_check_all_do() -> None:
    report = report_of(s05_planted_and_foreign, 1)
    s05_planted_and_foreign.send(report)
    assert report.passed, report.text()
    with s05_planted_and_foreign.forms_unchecked():
        assert len(s05_planted_and_foreign._through()) > 200
