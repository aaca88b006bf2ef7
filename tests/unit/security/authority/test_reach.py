"""The reach of a group is the union of what its calls may touch."""
from __future__ import annotations

from shared_components.kernel.calls import CallContext
from shared_components.security.authority import Reach, reach
from tests.unit.security.authority.questions import AGENT, CITIZEN, OFFICER, POLICE, TAX


def test_an_app_alone_reaches_its_department_and_what_it_made() -> None:
    assert reach([POLICE]) == Reach(frozenset({"police"}), apps=frozenset({"app-police"}))


def test_a_service_reaches_the_tenant_that_it_means() -> None:
    assert reach([CallContext("matter", "tax")]) == Reach(frozenset({"tax"}))


def test_a_holder_reaches_rows_of_other_departments_for_reading_only() -> None:
    group = [POLICE._replace(acting=CITIZEN), TAX._replace(acting=AGENT)]
    assert reach(group) == Reach(
        frozenset({"police", "tax"}), subjects=frozenset({"sub_1", "sub_2"}), apps=frozenset({"app-police", "app-tax"}))


def test_an_officer_is_no_holder_and_works_in_the_own_department() -> None:
    found = reach([TAX._replace(acting=OFFICER)])
    assert (found.subjects, found.write_tenants) == (frozenset(), frozenset({"police", "tax"}))
