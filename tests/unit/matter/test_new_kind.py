"""A new kind of step is one folder and one line: here tests/unit/matter/stamp, and `KINDS` below."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotWithdrawable
from services.matter.cases.usecases.kind import Kinds, Told
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.read_cases import get_cases
from services.matter.cases.usecases.start_case import StartCase
from services.matter.cases.usecases.start_case import start_case as start
from services.matter.cases.usecases.submit_case import SubmitCase
from services.matter.cases.usecases.submit_case import submit_case as submit
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.kinds.pay.kind import KIND as PAY
from services.matter.kinds.registry import KINDS as SHIPPED
from services.matter.publishing.adapters.definition_reader import read_definition, read_file
from services.matter.publishing.usecases.publish_matter import PublishMatter, publish_matter
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError, Conflict, NotFound
from tests.cases.definitions import a_definition, as_yaml, callback_step
from tests.unit.matter.bench import APPLICANT, CONTEXT, TENANT, Bench
from tests.unit.matter.fakes import World
from tests.unit.matter.stamp.kind import KIND as STAMP
from tests.unit.matter.stamp.kind import take_stamped_elsewhere

KINDS = Kinds[Any](*SHIPPED.all, STAMP)
FORM = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}


def stamp_step(**changes: Any) -> dict[str, Any]:
    return {
        "step": "stamp", "kind": "stamp", "title": {"zh": "盖章", "en": "Stamp"}, "compensation": "void_stamp",
        "with": {"office": "registry", "text_field": "text"}, **changes,
    }


def stamped_matter(*later: dict[str, Any], **changes: Any) -> str:
    notice = {"on": "stamp", "template": "stamped", "channels": ["inbox"]}
    return as_yaml(a_definition(form=FORM, steps=[stamp_step(**changes), *later], notifications=[notice]))


@dataclass
class FakeStamps:
    """The office's stamps; the same operation id gets the same number."""

    world: World
    voided: list[int] = field(default_factory=list)

    def stamp(self, op_id: str, office: str, text: str) -> int:
        return int(self.world.write("stamps.stamp", op_id, (office, text), lambda: 7))

    def void(self, op_id: str, number: int) -> None:
        self.world.write("stamps.void", op_id, number, lambda: self.voided.append(number))

    def offices(self) -> list[str]:
        return ["registry"]


class StampingBench(Bench):
    """A service whose registry has one kind more."""

    def __init__(self, definition: str) -> None:
        super().__init__(definition=read_definition(definition, KINDS.rules), kinds=KINDS)
        self.stamps = FakeStamps(self.world)
        shipped = self.world.components

        def with_stamps(tenant: str) -> Any:
            components = shipped(tenant)
            object.__setattr__(components, "stamps", self.stamps)
            return components

        self.world.components = with_stamps  # type: ignore[method-assign]

    def apply(self) -> str:
        with self.transactions.begin(TENANT) as tx:
            case_id = start(tx, StartCase("small-matter", APPLICANT, {"text": "deed"}), CONTEXT).case_id
            submit(tx, SubmitCase(case_id), CONTEXT)
        return case_id


def problems(definition: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(definition, KINDS.rules)
    return [(problem["path"], problem["message"]) for problem in refused.value.details["problems"]]


def test_a_case_runs_a_new_kind_and_shows_its_outcome_its_line_and_its_fact() -> None:
    bench = StampingBench(stamped_matter())
    case_id = bench.apply()
    bench.run()
    with bench.transactions.begin(TENANT) as tx:
        (case,) = get_cases(tx, [Call(OneCase(case_id), CONTEXT)])
    assert not isinstance(case, AppError)
    assert case.outcome == {"state": "completed", "stamp_number": 7}
    assert "Stamped by registry, number 7" in [line.en for line in case.timeline]
    assert [message["values"]["stamp"] for message in bench.world.messages] == ["7"]
    assert bench.world.effects[f"{case_id}:stamp:1"] == 1


def test_a_new_kind_is_undone_when_a_later_step_is_refused() -> None:
    refused = {**callback_step("medical", pass_when="result.passed == true"), "after": ["stamp"]}
    bench = StampingBench(stamped_matter(refused))
    case_id = bench.apply()
    bench.run()
    with pytest.raises(CaseNotWithdrawable):
        bench.withdraw(case_id)
    bench.call_back_with(case_id, {"passed": False})
    bench.run()
    assert (bench.case(case_id).state, bench.stamps.voided) == ("refused", [7])
    assert "unstamped" in [line.entry for line in bench.case(case_id).timeline]


def test_a_new_kind_that_was_asked_is_never_assumed_to_have_had_no_effect() -> None:
    bench = StampingBench(stamped_matter(callback_step("medical", pass_when="result.passed == true")))
    bench.world.refuse["stamps.stamp"] = NotFound("no such office")
    bench.world.refuse["stamps.stamp"].code = "stamps.office-unknown"
    case_id = bench.apply()
    bench.run()
    assert bench.state(case_id, "stamp") == "stuck"
    bench.call_back_with(case_id, {"passed": False})
    bench.run()
    assert bench.case(case_id).state == "compensating"


def test_a_refusal_of_a_new_kind_refuses_the_case() -> None:
    bench = StampingBench(stamped_matter())
    bench.world.refuse["stamps.stamp"] = Conflict("the text is not a deed")
    case_id = bench.apply()
    bench.run()
    assert (bench.case(case_id).state, bench.stamps.voided) == ("refused", [])


def test_the_settings_of_a_new_kind_are_checked_by_its_schema_and_its_own_rules() -> None:
    assert ("steps.0.with.colour", "'steps.0.with' has unknown key 'colour'") in problems(
        stamped_matter(**{"with": {"office": "registry", "text_field": "text", "colour": "red"}}))
    assert problems(stamped_matter(**{"with": {"office": "registry", "text_field": "title"}})) == [
        ("steps.0.with.text_field", "text is read from unknown field 'title'")]
    without = stamp_step()
    del without["compensation"]
    assert problems(as_yaml(a_definition(form=FORM, steps=[without]))) == [
        ("steps.0", "step 'stamp' is of kind 'stamp' and has no compensation")]


def test_a_kind_that_is_not_registered_is_refused() -> None:
    with pytest.raises(DefinitionInvalid):
        read_definition(stamped_matter())


def test_what_a_new_kind_names_is_looked_up_before_publication() -> None:
    bench = StampingBench(stamped_matter())
    bench.world.known_templates = {("stamped", "inbox"): {"stamp"}}
    text = stamped_matter(**{"with": {"office": "mint", "text_field": "text"}})
    published = publish_matter(
        bench.transactions, KINDS, bench.world.components(TENANT), (), lambda text: read_file(text, KINDS.rules),
        PublishMatter(text, allow_missing=True), CONTEXT)
    assert [(warning.path, warning.message) for warning in published.warnings] == [
        ("steps.0.with.office", "office 'mint' is unknown")]


def test_an_event_reaches_the_steps_of_a_new_kind() -> None:
    bench = StampingBench(stamped_matter())
    case_id = bench.apply()
    assert ("on_stamped", take_stamped_elsewhere) in [(one.handler, one.take) for one in KINDS.subscriptions]
    with bench.transactions.begin(TENANT) as tx:
        take_stamped_elsewhere(tx, [Told(TENANT, {"case_id": case_id, "step": "stamp", "number": 9})])
    assert (bench.case(case_id).state, bench.world.effects) == ("completed", {})


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="kind 'pay' is registered twice"):
        Kinds[Any](*SHIPPED.all, PAY)


def test_a_compensation_has_a_name_and_a_function_or_neither() -> None:
    with pytest.raises(ValueError, match="needs compensate and rules"):
        replace(STAMP, compensate=None)
