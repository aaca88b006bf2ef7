"""A method's rule: stated whole or not at all, exported, and compared."""
from __future__ import annotations

from typing import Any

import pytest

from shared_components.contracts.rule_diff import rule_changes
from shared_components.kernel.method_rules import RULE_ARGUMENTS, MethodRule, stated_rule

STATED: dict[str, Any] = {
    "basis": ["own", "holder"], "resource": "order", "about": ["payer"], "roles": ["handler"], "level": 1,
    "as_subject": False, "discloses": False, "composable": True,
}
NOTHING = dict.fromkeys(RULE_ARGUMENTS)


def exported(**changes: Any) -> dict[str, Any]:
    rule = stated_rule("get_order", **{**STATED, **changes})
    assert isinstance(rule, MethodRule)
    return rule.exported()


def test_a_rule_is_stated_whole_or_not_at_all() -> None:
    assert stated_rule("get_order", **NOTHING) is None
    for name in RULE_ARGUMENTS:
        with pytest.raises(ValueError, match=f"'get_order' leaves out {name};"):
            stated_rule("get_order", **{**STATED, name: None})


@pytest.mark.parametrize(("changes", "says"), [
    ({"basis": []}, "one or more of"), ({"basis": ["anybody"]}, "one or more of"), ({"resource": ""}, "no resource"),
    ({"about": []}, "no role in `about`"), ({"as_subject": True, "basis": ["own"]}, "needs an acting subject"),
])
def test_a_rule_that_contradicts_itself_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        exported(**changes)


@pytest.mark.parametrize(("changes", "where"), [
    ({"basis": ["own"]}, "basis"), ({"about": ["applicant"]}, "about"), ({"roles": []}, "roles"),
    ({"level": 2}, "level"), ({"as_subject": True}, "as_subject"), ({"composable": False}, "composable"),
    ({"resource": "bill"}, "resource"),
])
def test_a_rule_that_allows_less_breaks_callers(changes: dict[str, Any], where: str) -> None:
    found = list(rule_changes("rule", exported(), exported(**changes)))
    assert [finding.where for finding in found if finding.breaking] == [f"rule, {where}"]


@pytest.mark.parametrize("changes", [
    {"basis": ["own", "holder", "public"]}, {"roles": ["handler", "auditor"]}, {"level": 0}, {"discloses": True}, {},
])
def test_a_rule_that_allows_more_breaks_nobody(changes: dict[str, Any]) -> None:
    found = list(rule_changes("rule", exported(), exported(**changes)))
    assert not any(finding.breaking for finding in found) and len(found) == len(changes)


def test_a_contract_of_before_rules_is_compared_without() -> None:
    assert [finding.breaking for finding in rule_changes("rule", None, exported())] == [False]
    assert list(rule_changes("rule", None, None)) == []
