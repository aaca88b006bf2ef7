"""Short form: values with markup, opened in Chromium. It is the whole of the experiment, which is quick."""
from __future__ import annotations

from tests.faults.experiments import s16_markup_injected
from tests.faults.short import report_of
from tests.integration.gateway.browser import chromium


def test_no_value_is_executed_by_a_browser() -> None:
    chromium()
    report = report_of(s16_markup_injected, 1)
    s16_markup_injected.open_all(report)
    assert report.passed, report.text()
