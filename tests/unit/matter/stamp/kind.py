"""The record of kind `stamp`, and all that it consists of."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.outcomes import Done, Outcome, Story
from services.matter.cases.domain.recording import complete
from services.matter.cases.domain.timeline import Line
from services.matter.cases.usecases.case_progress import WorkOnCasesTx, progress_of, save_all
from services.matter.cases.usecases.kind import Kind, Subscription, Told
from services.matter.cases.usecases.work import HasIdentity, Work
from services.matter.definitions.domain.declared_step import DeclaredStep, listed
from services.matter.definitions.domain.kind_rules import Fact, KindRules
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless
from shared_components.kernel.bilingual import Bilingual

STAMPED = Line("stamped", "已加盖{office}印章，编号 {number}", "Stamped by {office}, number {number}")
UNSTAMPED = Line("unstamped", "印章已作废", "The stamp was voided")


class Stamps(Protocol):
    def stamp(self, op_id: str, office: str, text: str) -> int: ...

    def void(self, op_id: str, number: int) -> None: ...

    def offices(self) -> list[str]: ...


class StampComponents(HasIdentity, Protocol):
    @property
    def stamps(self) -> Stamps: ...


def run_stamp(work: Work[StampComponents]) -> Outcome:
    office = str(work.step.settings["office"])
    number = work.components.stamps.stamp(work.op_id, office, str(work.case.form[work.step.settings["text_field"]]))
    return Done(result={"stamp_number": number}, stories=(Story(STAMPED, {"office": office, "number": str(number)}),))


def run_void(work: Work[StampComponents]) -> Outcome:
    work.components.stamps.void(work.op_id, work.result_of(work.task.settings["of"])["stamp_number"])
    return Done(stories=(Story(UNSTAMPED),))


def check(step: DeclaredStep) -> Iterator[Problem]:
    field = step.settings["text_field"]
    if field not in step.form_fields:
        yield Problem(step.path("text_field"), f"text is read from unknown field {field!r}", listed(step.form_fields))


def _find(lookup: Lookup, reference: Reference) -> Bilingual | None:
    stamps: Stamps = lookup.components.stamps
    return unknown_unless(reference.name in stamps.offices(), reference)


OFFICE = ReferenceKind(Bilingual("office", "办公室"), Bilingual("an office that has a stamp", "有印章的办公室"), _find)


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield Reference(OFFICE, settings["office"], (*path, "office"))


def take_stamped_elsewhere(tx: WorkOnCasesTx, told: Sequence[Told]) -> None:
    """Complete steps that the office stamped by itself."""
    cases = tx.cases.lock_many({(one.tenant, one.data["case_id"]) for one in told})
    for one in told:
        progress = progress_of(tx, cases[one.data["case_id"]])
        task = progress.case.step(one.data["step"])
        if task.state == states.READY:  # else it is in an engine's hands, who finds that it was outrun
            task.move(states.RUNNING)
        complete(progress, task, {"stamp_number": one.data["number"]}, ())
        progress.settle()
        save_all(tx, [progress], {progress.case.id: one.traceparent})


KIND = Kind[StampComponents](
    rules=KindRules(
        name="stamp",
        settings={
            "type": "object", "additionalProperties": False, "required": ["office", "text_field"],
            "properties": {"office": {"type": "string"}, "text_field": {"type": "string"}},
        },
        compensation="void_stamp",
        leaves_effect=True,
        ends_withdrawal=True,
        facts=(Fact("stamp", "", lambda result: str(result["stamp_number"])),),
        outcome=("stamp_number",),
        setup_errors=frozenset({"stamps.office-unknown"}),
        check=check,
    ),
    run=run_stamp,
    compensate=run_void,
    references=references,
    subscriptions=(Subscription("on_stamped", "stamps", "stamped", take_stamped_elsewhere),),
)
