"""Rules of the kinds of steps: all that checks, progress and views ask about a kind."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.matter.definitions.domain.declared_step import Data, DeclaredStep, step_graph
from services.matter.definitions.domain.expressions import Variables
from services.matter.definitions.domain.graph import ancestors
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import form_variables, step_variables

Result = Mapping[str, Any]
Told = str | Mapping[str, str]
"""A fact of a notice: one text, or one for each of zh and en."""


EXAMINES, DECIDES, HANDS_OVER = "examines", "decides", "hands-over"
"""Phases of the procedure by law that a step may belong to."""


def no_problems(step: DeclaredStep) -> Iterator[Problem]:
    return iter(())


def no_results(settings: Data) -> Variables:
    return {}


def no_desk(settings: Data) -> str | None:
    return None


def no_forms(settings: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Fact:
    """A placeholder of notices. empty: until a step of the kind is completed. of: the fact, from the step's result."""

    name: str
    empty: Told
    of: Callable[[Result], Told]


@dataclass(frozen=True, kw_only=True)
class KindRules:
    """name: as definitions write it, at most 20 characters.

    settings: the JSON Schema of a step's `with`; it may refer to `#/$defs/form` and `#/$defs/text`.
    compensation: the task that undoes the step, such as refund; a definition must then declare it.
    leaves_effect: once asked, the outcome must be learnt and never assumed.
    ends_withdrawal: once asked, the applicant can no longer withdraw.
    takes_return_url: the submission's return_url goes into the step's task.
    tells_applicant: the facts of notices are fixed when the step comes due, since a retry must say the same.
    facts: for notices. outcome: the keys of the result that the case's outcome has.
    setup_errors: codes of components for what a definition names and nobody has set up.
    check: mistakes in one declared step that the schema cannot see. forms: those in the settings, by their path there.
    desk: the role of the officers whose inbox has the step while it waits; None: no officer does it.
    results: what the result of a step has by its settings, for expressions of later steps.
    document: the kind of document that is issued when the step begins to wait, such as a notice of payment.
    phase: examines, decides (also what a decision needs, such as a payment), or hands-over.
    """

    name: str
    settings: Mapping[str, Any]
    compensation: str | None = None
    leaves_effect: bool = False
    ends_withdrawal: bool = False
    takes_return_url: bool = False
    tells_applicant: bool = False
    facts: Sequence[Fact] = ()
    outcome: Sequence[str] = ()
    setup_errors: frozenset[str] = frozenset()
    check: Callable[[DeclaredStep], Iterator[Problem]] = no_problems
    forms: Callable[[Mapping[str, Any]], Iterator[tuple[Path, Mapping[str, Any]]]] = no_forms
    results: Callable[[Data], Variables] = no_results
    desk: Callable[[Data], str | None] = no_desk
    document: str | None = None
    phase: str = DECIDES


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of every kind, in the order of their registration.

    A case may hold a kind that this process does not know, while a newer one is being rolled out: it is treated as one
    that may have had an effect.
    """

    kinds: Iterable[KindRules]
    by_name: Mapping[str, KindRules] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {rules.name: rules for rules in self.kinds})

    def of(self, kind: str) -> KindRules:
        return self.by_name.get(kind) or KindRules(name=kind, settings={}, leaves_effect=True)

    def declared(self, data: Data) -> list[DeclaredStep]:
        """The steps of a definition, each with the variables that it may read."""
        form, graph = form_variables(data["form"]), step_graph(data)
        results = {
            step["step"]: step_variables(step["step"], self.of(step["kind"]).results(step.get("with", {})))
            for step in data["steps"]}
        return [
            DeclaredStep(data, index, {**form, **{
                name: one for before in ancestors(graph, step["step"]) for name, one in results[before].items()}})
            for index, step in enumerate(data["steps"])]

    @property
    def compensations(self) -> list[str]:
        return [rules.compensation for rules in self.by_name.values() if rules.compensation is not None]

    @property
    def facts(self) -> list[Fact]:
        return [fact for rules in self.by_name.values() for fact in rules.facts]

    @property
    def setup_errors(self) -> frozenset[str]:
        return frozenset().union(*(rules.setup_errors for rules in self.by_name.values()))
