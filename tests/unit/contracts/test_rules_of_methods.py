"""A method's rule: stated whole or not at all, exported, and compared."""
from __future__ import annotations

from typing import Any

import pytest

from shared_components.bus import rpc_method
from shared_components.contracts import Message
from shared_components.contracts.rule_diff import rule_changes
from shared_components.kernel.method_rules import RULE_ARGUMENTS, method_rule
from shared_components.runtime.discovery import contract_of, service_class, service_names

STATED: dict[str, Any] = {
    "basis": ["own", "holder"], "resource": "order", "about": ["payer"], "roles": ["handler"], "level": 1,
    "as_subject": False, "discloses": False, "composable": True,
}


def exported(**changes: Any) -> dict[str, Any]:
    return method_rule("get_order", **{**STATED, **changes}).exported()


@pytest.mark.parametrize("left_out", RULE_ARGUMENTS)
def test_a_method_that_leaves_a_part_of_its_rule_out_does_not_start(left_out: str) -> None:
    stated = {name: value for name, value in STATED.items() if name != left_out}
    with pytest.raises(TypeError, match=left_out):
        rpc_method(request=Message, reply=Message, **stated)


def test_every_method_of_every_service_states_its_rule() -> None:
    for service in service_names():
        for name, method in contract_of(service).methods.items():
            assert method.rule is not None, f"{service}.{name}"
            if "app" in method.callers:
                assert method.rule.basis & {"own", "public", "holder"}, f"{service}.{name}"
            assert method.rule.exported().keys() == set(RULE_ARGUMENTS)


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


LEAVES_ITS_OWNER = frozenset({"holder", "grant", "agreement"})
OPENED_BY_CODE = {"elicence.verify"}
# A number and its check code find receipts of the caller's own department only.
STAYS = {"payment.verify_receipt"}


def test_every_method_that_can_give_data_of_another_department_says_so_and_its_service_keeps_a_log() -> None:
    disclosing = set()
    for service in service_names():
        for name, method in contract_of(service).methods.items():
            target, rule = f"{service}.{name}", method.rule
            assert rule is not None
            if rule.basis & LEAVES_ITS_OWNER or target in OPENED_BY_CODE:
                assert rule.discloses, target
                disclosing.add(service)
            elif target not in STAYS:
                assert not rule.discloses or rule.basis == {"platform"}, target
    assert disclosing == {"elicence", "identity", "matter", "notification", "payment"}
    for service in disclosing:
        assert service_class(service).keeps_evidence, service
        assert "evidence-sealed" in {event.type for event in contract_of(service).events}, service
