"""Short forms: messages that should not be. `make faults` runs the whole ones. A failure shows the account."""
from __future__ import annotations

import pytest

from tests.faults.experiments import r07, s10
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = pytest.mark.integration


def test_malformed_messages_are_answered_or_buried(lab: Lab) -> None:
    report = report_of(r07, 250)
    r07.send_all(lab, report, report.operations)
    assert report.passed, report.text()


def test_callers_are_let_in_exactly_where_the_contracts_say(lab: Lab) -> None:
    report = report_of(s10, 1)
    s10.run(lab, report)
    assert report.passed, report.text()
