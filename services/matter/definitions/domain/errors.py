"""Errors of definitions."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from services.matter.definitions.domain.problems import LinedProblem
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound

MOST_PROBLEMS = 100


class DefinitionInvalid(InvalidInput):
    """details.problems: every mistake with line, path, message and what is allowed; fields: {path: [message]}.

    Of more than MOST_PROBLEMS mistakes the first ones; the message tells how many there are.
    """

    code = "matter.definition-invalid"
    texts = {"en": "The definition has mistakes.", "zh": "事项定义有误。"}

    @classmethod
    def of(cls, problems: Sequence[LinedProblem]) -> DefinitionInvalid:
        fields: dict[str, list[str]] = {}
        told = problems[:MOST_PROBLEMS]
        for problem in told:
            fields.setdefault(problem.path, []).append(problem.message)
        first = problems[0]
        return cls(
            f"definition has {len(problems)} mistake(s); line {first.line}: {first.message}",
            details={"problems": [asdict(problem) for problem in told], "fields": fields},
        )


class ConditionNotSupported(InvalidInput):
    code = "matter.condition-not-supported"
    texts = {"en": "The condition is of a form that is not supported.", "zh": "暂不支持此条件表达式。"}


class MatterNotFound(NotFound):
    code = "matter.matter-not-found"
    texts = {"en": "There is no such matter.", "zh": "事项不存在。"}


class FormInvalid(InvalidInput):
    """details.fields: {field: [what is wrong]}; values are not repeated, they may be personal."""

    code = "matter.form-invalid"
    texts = {"en": "The form is not filled in correctly.", "zh": "表单填写有误。"}


class DefinitionOutdated(Conflict):
    """The case's version of the matter was published with a rule that is no longer supported."""

    code = "matter.definition-outdated"
    texts = {
        "en": "The matter has a rule that is no longer supported; its department must publish it anew.",
        "zh": "该事项的表单规则已不受支持，须由主管部门重新发布。",
    }
