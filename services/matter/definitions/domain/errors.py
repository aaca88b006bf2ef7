"""Errors of definitions."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.matter.definitions.domain.problems import LinedProblem
from shared_components.kernel.bilingual import Bilingual, in_locale
from shared_components.kernel.errors import Conflict, InvalidInput, NotFound

MOST_PROBLEMS = 100


class DefinitionInvalid(InvalidInput):
    """details.problems: every mistake with line, path, message and what is allowed, in Chinese under `…_zh`.

    details.fields: {path: [message]}.

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
            Bilingual(
                f"definition has {len(problems)} mistake(s); line {first.line}: {first.message}",
                f"事项定义有 {len(problems)} 处错误；第 {first.line} 行：{in_locale(first.message, 'zh')}"),
            details={"problems": [_both(problem) for problem in told], "fields": fields},
        )


def _both(problem: LinedProblem) -> dict[str, Any]:
    """The problem as it is told, in English and in Chinese."""
    return {
        **asdict(problem), "message": str(problem.message), "allowed": str(problem.allowed),
        "message_zh": in_locale(problem.message, "zh"), "allowed_zh": in_locale(problem.allowed, "zh")}


class ExpressionInvalid(InvalidInput):
    code = "matter.expression-invalid"
    texts = {"en": "The expression is not valid.", "zh": "表达式有误。"}


class ExpressionFailed(Conflict):
    """The expression is valid, and what the case knows is not enough for it. Its message holds no value of the case."""

    code = "matter.expression-failed"
    texts = {"en": "The expression could not be evaluated for this case.", "zh": "该办件的信息不足以对表达式求值。"}


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
