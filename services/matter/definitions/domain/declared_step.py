"""A step as a definition declares it, for the checks of its kind."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.matter.definitions.domain.conditions import parse_condition
from services.matter.definitions.domain.errors import ConditionNotSupported
from services.matter.definitions.domain.graph import ancestors
from services.matter.definitions.domain.problems import Path, Problem

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeclaredStep:
    """data: the whole definition, in the schema's shape. index: of the step."""

    data: Data
    index: int

    @property
    def name(self) -> str:
        return str(self.data["steps"][self.index]["step"])

    @property
    def kind(self) -> str:
        return str(self.data["steps"][self.index]["kind"])

    @property
    def settings(self) -> Data:
        found: Data = self.data["steps"][self.index].get("with", {})
        return found

    @property
    def form_fields(self) -> Data:
        found: Data = self.data["form"]["properties"]
        return found

    def path(self, *more: str | int) -> Path:
        """more: below the step's settings."""
        return ("steps", self.index, "with", *more)

    def before(self) -> list[DeclaredStep]:
        """The steps that are done before this one, in the definition's order."""
        names = ancestors(step_graph(self.data), self.name)
        return [step for step in declared_steps(self.data) if step.name in names]


def declared_steps(data: Data) -> list[DeclaredStep]:
    return [DeclaredStep(data, index) for index in range(len(data["steps"]))]


def step_graph(data: Data) -> dict[str, tuple[str, ...]]:
    """Each step and the known steps that it comes after."""
    names = {step["step"] for step in data["steps"]}
    return {s["step"]: tuple(n for n in s.get("after", ()) if n in names) for s in data["steps"]}


def check_condition(path: Path, text: str, root: str, fields: Data) -> Iterator[Problem]:
    """fields: that the condition may read, as JSON Schema."""
    try:
        condition = parse_condition(text)
    except ConditionNotSupported as error:
        yield Problem(path, error.message, "`form.<field> == <literal>`")
        return
    if condition.root != root:
        yield Problem(path, f"condition reads {condition.root!r}, which is not known here", f"{root}.<field>")
    elif condition.field not in fields:
        yield Problem(path, f"condition reads unknown field {condition.field!r}", listed(fields))
    else:
        allowed = fields[condition.field].get("enum")
        if allowed is not None and condition.literal not in allowed:
            message = f"condition compares with {condition.literal!r}, which {condition.field!r} never is"
            yield Problem(path, message + ", so that the step is unreachable or always there", listed(allowed))


def listed(names: Sequence[Any] | Data) -> str:
    return ", ".join(str(name) for name in names) or "none is possible here"
