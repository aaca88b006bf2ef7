"""Lines that the citizen reads about a case, in Chinese and English. No personal data stands in it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.matter.definitions.domain.model import Text


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of line. entry: its constant. zh, en: with placeholders; `{zh}` and `{en}` are the step's title."""

    entry: str
    zh: str
    en: str


SUBMITTED = Line("submitted", "已提交申请", "The application was submitted")
STEP_COMPLETED = Line("step-completed", "“{zh}”已完成", "“{en}” is done")
STEP_REFUSED = Line("step-refused", "“{zh}”未通过：{reason_zh}", "“{en}” was refused: {reason_en}")
STEP_STUCK = Line("step-stuck", "“{zh}”办理受阻，工作人员正在处理", "“{en}” is held up; staff are looking at it")
STEP_RETRIED = Line("step-retried", "工作人员已重新办理“{zh}”", "Staff have resumed “{en}”")
WITHDRAWING = Line("withdrawing", "申请人撤回申请", "The applicant withdraws the application")
RATING_INVITED = Line("rating-invited", "请对本次服务进行评价", "Please rate this service")
ENDS: Mapping[str, Line] = {line.entry: line for line in (
    Line("completed", "办结", "The case is completed"),
    Line("refused", "不予办理：{reason_zh}", "The application is refused: {reason_en}"),
    Line("withdrawn", "申请已撤回", "The application is withdrawn"),
    Line("terminated", "终止办理：{reason_zh}", "The case is ended by the department: {reason_en}"),
)}
"""By the state that a case ends in."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """entry: the constant of a Line. step: the step that it is about, if any."""

    at: datetime
    entry: str
    step: str | None
    zh: str
    en: str


def entry(
    at: datetime, line: Line, values: Mapping[str, str] | None = None, *, step: str | None = None,
    title: Text | None = None,
) -> TimelineEntry:
    """values: of the line's placeholders."""
    values = dict(values or {}) | ({"zh": title.zh, "en": title.en} if title is not None else {})
    return TimelineEntry(at, line.entry, step, line.zh.format(**values), line.en.format(**values))
