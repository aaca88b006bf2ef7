"""A step as a definition declares it, for the checks of its kind."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from services.matter.definitions.domain.errors import ExpressionInvalid
from services.matter.definitions.domain.expressions import ANYTHING, YES_NO, Variables, check_expression
from services.matter.definitions.domain.graph import ancestors
from services.matter.definitions.domain.problems import Path, Problem
from shared_components.kernel.bilingual import Bilingual, in_locale

Data = Mapping[str, Any]
_COMPARED = re.compile(r"""\b(?:form|result)\.([a-z][a-z0-9_]*)\s*[!=]=\s*(?:"([^"\\]*)"|'([^'\\]*)')""")


@dataclass(frozen=True, slots=True)
class DeclaredStep:
    """data: the whole definition, in the schema's shape. index: of the step.

    variables: that expressions of the step may read: the form, and results of the steps before it.
    """

    data: Data
    index: int
    variables: Variables = field(default_factory=dict)

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


def check_text(path: Path, text: str, variables: Variables, wanted: str = ANYTHING) -> Iterator[Problem]:
    """Check an expression of a definition. wanted: what it must give."""
    try:
        check_expression(text, variables, wanted)
    except ExpressionInvalid as error:
        yield Problem(path, error.text, Bilingual(
            f"CEL that gives {wanted} and reads {listed(sorted(variables))}",
            f"结果类型为 {wanted} 的 CEL 表达式，可读取 {in_locale(listed(sorted(variables)), 'zh')}"))


def check_condition(path: Path, text: str, variables: Variables, fields: Data) -> Iterator[Problem]:
    """Check a condition. fields: JSON Schema of the form (or result), for values that a field never has."""
    found = list(check_text(path, text, variables, YES_NO))
    yield from found or _never(path, text, fields)


def _never(path: Path, text: str, fields: Data) -> Iterator[Problem]:
    for match in _COMPARED.finditer(text):
        literal = match[2] if match[2] is not None else match[3]
        allowed = fields.get(match[1], {}).get("enum")
        if allowed is not None and literal not in allowed:
            yield Problem(path, Bilingual(
                f"condition compares with {literal!r}, which {match[1]!r} never is, so that it is never or always true",
                f"条件与“{literal}”比较，而 {match[1]} 不会取该值，条件恒真或恒假"), listed(allowed))


def check_placeholders(path: Path, texts: Mapping[str, str], values: Data) -> Iterator[Problem]:
    """Check that a text in both languages has no placeholder but these."""
    for language, text in texts.items():
        for name in sorted(_placeholders(text) - set(values)):
            yield Problem((*path, language), Bilingual(
                f"text has {{{name}}}, which nothing fills", f"文本中的 {{{name}}} 没有对应的值"), listed(values))


def _placeholders(text: str) -> set[str]:
    """Names in braces; of a brace alone, a width or a conversion the whole text, which nothing fills."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return {text}
    return {name if not form and not conversion else text for _, name, form, conversion in parts if name is not None}


def listed(names: Sequence[Any] | Data) -> str:
    return ", ".join(str(name) for name in names) or Bilingual("none is possible here", "此处没有可用的值")
