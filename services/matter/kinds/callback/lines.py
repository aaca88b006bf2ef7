"""Lines of the timeline about callbacks."""
from __future__ import annotations

from services.matter.cases.domain.timeline import Line

STEP_WAITING = Line("step-waiting", "等待“{zh}”的结果", "Waiting for “{en}”")
YEARLY_EXAMINATION = Line(
    "yearly-examination", "申请人已满{age}周岁，须每年提交身体条件证明，下次截止 {due}",
    "From the age of {age} the certificate is due every year; next by {due}")
