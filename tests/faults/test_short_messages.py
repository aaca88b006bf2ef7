"""Short forms: messages that should not be. `make faults` runs the whole ones. A failure shows the account."""
from __future__ import annotations

import pytest

from shared_components.bus.deployment.rights import STOCK_APP
from tests.faults.experiments import (
    r07_malformed_messages,
    r31_extreme_message_properties,
    s10_forbidden_methods,
    s25_hostile_amqp_app,
)
from tests.faults.lab import Lab
from tests.faults.short import report_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


def test_malformed_messages_are_answered_or_buried(lab: Lab) -> None:
    report = report_of(r07_malformed_messages, 250)
    r07_malformed_messages.send_all(lab, report, report.operations)
    assert report.passed, report.text()


def test_a_message_with_anything_in_it_costs_a_few_deliveries_at_most(lab: Lab) -> None:
    report = report_of(r31_extreme_message_properties, 150)
    r31_extreme_message_properties.send_all(lab, report, report.operations, "all protections on")
    r31_extreme_message_properties.send_hostile(lab.blind_to("addresses"), report, "addresses believed")
    assert report.passed, report.text()


def test_callers_are_let_in_exactly_where_the_contracts_say(lab: Lab) -> None:
    report = report_of(s10_forbidden_methods, 1)
    s10_forbidden_methods.run(lab, report)
    assert report.passed, report.text()


def test_an_app_reaches_nothing_of_others_by_anything_that_amqp_has(lab: Lab) -> None:
    report = report_of(s25_hostile_amqp_app, 1)
    s25_hostile_amqp_app.try_all(lab, report, [STOCK_APP], looks=False)
    assert report.passed, report.text()
