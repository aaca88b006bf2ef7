"""Expressions of a definition (`when`, `pass_when`, `holds`, content of licences) in CEL.

Before a definition is published each expression is compiled with the types of the fields that it may read
(`check_expression`). When a case runs, the same text is evaluated over the case's values (`Expression`); a field that
is not filled is null there. Source of the language: https://github.com/google/cel-spec, by Google's implementation,
which also bounds how often a loop runs.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from services.matter.definitions.domain.errors import ExpressionFailed, ExpressionInvalid
from services.matter.definitions.domain.functions import FUNCTIONS
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.dates import parse_date

LONGEST = 2000
ROOTS = ("form", "result", "steps", "applicant", "licence", "asked", "today")
"""What an expression may begin with; which of them are known depends on the place."""

TEXT, WHOLE, YES_NO, ANYTHING = "text", "whole number", "true or false", "anything"
_PLAIN = {TEXT: cel.Type.STRING, WHOLE: cel.Type.INT, YES_NO: cel.Type.BOOL, ANYTHING: cel.Type.DYN}
_MAYBE_NULL = {
    TEXT: cel.Type("google.protobuf.StringValue"), WHOLE: cel.Type("google.protobuf.Int64Value"),
    YES_NO: cel.Type("google.protobuf.BoolValue"), ANYTHING: cel.Type.DYN,
}
_POSITION = re.compile(r"<input>:(?P<line>\d+):(?P<column>\d+): (?P<message>.*)")
_TYPE_NAMES = {
    "STRING": TEXT, "INT": WHOLE, "BOOL": YES_NO, "DYN": ANYTHING, "string_wrapper": TEXT, "wrapper(string)": TEXT,
    "wrapper(int)": WHOLE, "wrapper(bool)": YES_NO, "int64_wrapper": WHOLE, "bool_wrapper": YES_NO,
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A field that an expression may read. always: it is filled in every case; otherwise it may be null."""

    type: str
    always: bool = False


Variables = Mapping[str, Variable]
"""By the name as an expression writes it, such as `form.delivery`."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of a published definition."""

    text: str

    def value(self, values: Mapping[str, Any]) -> Any:
        """Evaluate over values by root: text, whole number, boolean, list, mapping or None.

        values: each root's fields as they are known; None for a field that a definition names and nobody filled.
        Raises ExpressionFailed.
        """
        compiled = _compiled(self.text)
        try:
            found = compiled.eval(data={root: values.get(root) for root in ROOTS})
        except RuntimeError:  # its loops ran too often
            raise _failed(self.text) from None
        if found.type() == cel.Type.ERROR:
            raise _failed(self.text)
        return found.plain_value()

    def day(self, values: Mapping[str, Any]) -> date:
        """Evaluate to a day. Raises ExpressionFailed, also when the value is no date."""
        try:
            return parse_date(str(self.value(values)))
        except ValueError:
            raise _failed(self.text) from None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the condition is true; False also when it cannot be evaluated, such as for want of a field."""
        try:
            return self.value(values) is True
        except ExpressionFailed:
            return False


def check_expression(text: str, variables: Variables, wanted: str = ANYTHING) -> None:
    """Raises ExpressionInvalid for what is no CEL, reads an unknown field, or mixes types."""
    if len(text) > LONGEST:
        raise ExpressionInvalid(Bilingual(
            f"expression has {len(text)} characters; {LONGEST} are allowed",
            f"表达式有 {len(text)} 个字符；最多 {LONGEST} 个"))
    types = {name: (_PLAIN if one.always else _MAYBE_NULL)[one.type] for name, one in variables.items()}
    try:
        found = cel.NewEnv(variables=types, functions=FUNCTIONS).compile(text).return_type().name()
    except RuntimeError as error:
        raise _invalid(text, str(error)) from None
    given = _TYPE_NAMES.get(found, found)
    if ANYTHING not in (wanted, given) and given != wanted:
        raise ExpressionInvalid(Bilingual(
            f"expression {text!r} gives {given}; {wanted} is allowed",
            f"表达式“{text}”的结果类型为 {given}；只允许 {wanted}"))


def _failed(text: str) -> ExpressionFailed:
    """Make an error without CEL's own words: they may repeat what the applicant wrote."""
    return ExpressionFailed(Bilingual(
        f"expression {text[:80]!r} could not be evaluated", f"表达式“{text[:80]}”无法求值"))


def _invalid(text: str, told: str) -> ExpressionInvalid:
    """Make an error of CEL's own, without its drawing: the place and the message."""
    match = _POSITION.search(told)
    if match is None:
        return ExpressionInvalid(Bilingual(
            f"expression {text[:80]!r} is not valid CEL", f"表达式“{text[:80]}”不是有效的 CEL"))
    message = match["message"].replace(" (in container '')", "").replace("[INVALID_ARGUMENT]", "").strip()
    return ExpressionInvalid(Bilingual(
        f"expression {text[:80]!r}, column {match['column']}: {message[:200]}",
        f"表达式“{text[:80]}”第 {match['column']} 列：{message[:200]}"))


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Any:
    """Compile for running. The types were checked before; here every field may be null."""
    try:
        return _RUNNING.compile(text)
    except RuntimeError:
        raise _failed(text) from None


_RUNNING = cel.NewEnv(
    variables=dict.fromkeys(ROOTS, cel.Type.DYN) | {"today": cel.Type.STRING}, functions=FUNCTIONS)
