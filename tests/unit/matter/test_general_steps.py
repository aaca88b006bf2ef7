"""Checks and issues of any matter, by declaration: registers, rules with reasons, a first licence with its content."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.matter.cases.domain import states
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.upgrade import upgraded_settings
from services.matter.publishing.adapters.definition_reader import read_definition
from shared_components.kernel.errors import Unavailable
from tests.cases.definitions import a_definition, as_yaml
from tests.unit.matter.bench import APPLICANT, CONTEXT, TENANT, TYPE_CODE, Bench

FORM = {
    "type": "object", "required": ["address", "months"],
    "properties": {"address": {"type": "string"}, "months": {"type": "integer"}},
}
CHECK = {
    "step": "check", "kind": "check", "title": {"zh": "核查", "en": "Check"},
    "with": {
        "asks": [{
            "as": "residence", "source": "residence-register", "with": {"number": "applicant.id_number"},
            "returns": {"months": "integer", "district": "string"}}],
        "rules": [{
            "holds": "asked.residence.months >= 6 && form.months <= asked.residence.months", "code": "not-six-months",
            "reason": {"zh": "居住登记满{months}个月，须满6个月", "en": "{months} months registered; 6 are needed"},
            "values": {"months": "asked.residence.months"}}],
    },
}
ISSUE = {
    "step": "issue", "kind": "issue_licence", "title": {"zh": "制证", "en": "Issue"}, "after": ["check"],
    "compensation": "cancel_licence",
    "with": {
        "type_code": TYPE_CODE, "valid_years": 1,
        "content": {"address": "form.address", "district": "steps.check.asked.residence.district"}},
}


def with_settings(step: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {**step, "with": {name: value for name, value in {**step["with"], **changes}.items() if value is not None}}


def matter(*steps: Mapping[str, Any]) -> dict[str, Any]:
    return a_definition(form=FORM, steps=list(steps))


def bench_with(answer: Mapping[str, Any], *steps: Mapping[str, Any]) -> tuple[Bench, str]:
    """A bench, and a submitted case of the small matter."""
    bench = Bench(definition=read_definition(as_yaml(matter(*(steps or (CHECK, ISSUE))))))
    bench.world.registers["residence-register"] = lambda question: answer
    bench.world.licences.clear()
    with bench.transactions.begin(TENANT) as tx:
        form = {"address": "湖滨路1号", "months": 6}
        case_id = start_case(tx, StartCase("small-matter", APPLICANT, form), CONTEXT).case_id
        submit_case(tx, SubmitCase(case_id), CONTEXT)
    bench.run()
    return bench, case_id


def test_a_first_licence_holds_what_form_and_register_say() -> None:
    bench, case_id = bench_with({"months": 7, "district": "西湖区", "secret": "no"})
    (licence,) = bench.world.licences.values()
    assert licence["content"] == {"address": "湖滨路1号", "district": "西湖区"}
    assert (licence["valid_from"], licence["valid_until"]) == ("2025-06-02", "2026-06-02")
    assert bench.case(case_id).step("check").result["asked"] == {"residence": {"months": 7, "district": "西湖区"}}


def test_a_rule_that_does_not_hold_refuses_with_its_reason() -> None:
    bench, case_id = bench_with({"months": 3, "district": "西湖区"})
    case = bench.case(case_id)
    assert (case.state, bench.world.licences) == (states.REFUSED, {})
    assert case.stop == {
        "to": "refused", "code": "matter.not-six-months", "zh": "居住登记满3个月，须满6个月",
        "en": "3 months registered; 6 are needed"}


@pytest.mark.parametrize("answer", [{}, {"months": "many"}, {"months": True}, {"months": None, "district": 7}])
def test_an_answer_of_another_type_satisfies_no_rule(answer: Mapping[str, Any]) -> None:
    bench, case_id = bench_with(answer)
    assert bench.case(case_id).state == states.REFUSED


def test_a_register_that_does_not_answer_is_asked_again() -> None:
    bench = Bench(definition=read_definition(as_yaml(matter(CHECK, ISSUE))))

    def silent(question: Mapping[str, Any]) -> Mapping[str, Any]:
        raise Unavailable("the register is not there")

    bench.world.registers["residence-register"] = silent
    with bench.transactions.begin(TENANT) as tx:
        form = {"address": "湖滨路1号", "months": 6}
        case_id = start_case(tx, StartCase("small-matter", APPLICANT, form), CONTEXT).case_id
        submit_case(tx, SubmitCase(case_id), CONTEXT)
    bench.run()
    assert bench.case(case_id).state == states.RUNNING
    bench.world.registers["residence-register"] = lambda question: {"months": 7, "district": "西湖区"}
    bench.sweep(minutes=5)
    assert bench.case(case_id).state == states.COMPLETED


@pytest.mark.parametrize(("settings", "until"), [
    ({"valid_years": None, "valid_until": 'years_after(today, form.months)'}, "2031-06-02"),
    ({"valid_years": None, "permanent": True}, None),
])
def test_a_term_is_computed_or_has_no_end(settings: dict[str, Any], until: str | None) -> None:
    bench, _ = bench_with({"months": 7, "district": "西湖区"}, CHECK, with_settings(ISSUE, **settings))
    (licence,) = bench.world.licences.values()
    assert licence["valid_until"] == until


@pytest.mark.parametrize(("steps", "path"), [
    ([with_settings(CHECK, rules=[{**CHECK["with"]["rules"][0], "holds": "asked.residence.weeks > 1"}])],  # type: ignore[index]
     "steps.0.with.rules.0.holds"),
    ([CHECK, with_settings(ISSUE, valid_until="today")], "steps.1.with"),
    ([CHECK, with_settings(ISSUE, valid_years=None)], "steps.1.with"),
    ([CHECK, with_settings(ISSUE, valid_years=None, validity_years=[6])], "steps.1.with.validity_years"),
    ([CHECK, with_settings(ISSUE, valid_years=None, valid_until="form.months")], "steps.1.with.valid_until"),
    ([CHECK, with_settings(ISSUE, content={"address": "form.adress"})], "steps.1.with.content.address"),
])
def test_a_mistake_is_told_before_anything_runs(steps: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(as_yaml(matter(*steps)))
    assert [problem["path"] for problem in refused.value.details["problems"]] == [path]


def test_a_definition_in_the_words_of_earlier_releases_still_runs() -> None:
    data = matter({**CHECK, "with": {"no_unpaid_violations": True}})
    (step,) = Definition.of(data, 1).steps
    assert set(step.settings) == {"asks", "rules"}
    assert upgraded_settings({"yearly_from_age": 70})["notes"][0]["values"]["next_due"] == "years_after(today, 1)"
