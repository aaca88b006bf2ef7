"""Lines of the timeline about officers' work."""
from __future__ import annotations

from services.matter.cases.domain.timeline import Line

WITH_OFFICERS = Line("with-officers", "“{zh}”已转工作人员办理", "“{en}” is with the department's staff")
PROPOSED = Line(
    "decision-proposed", "“{zh}”已提出意见，待复核", "A decision on “{en}” was proposed and is being reviewed")
PAUSED = Line("case-paused", "办件已暂停", "The case is paused")
RESUMED = Line("case-resumed", "办件已恢复办理", "The case goes on")
ENDING = Line("case-ending", "部门决定终止办理", "The department ends the case")
STEP_SKIPPED = Line("step-skipped", "“{zh}”已由工作人员跳过", "Staff have skipped “{en}”")
ESCALATED = Line("step-escalated", "“{zh}”已提请上级岗位办理", "“{en}” was passed to more senior staff")
SUPPLEMENT_ASKED = Line(
    "supplement-requested", "“{zh}”需要补正，请按一次性告知的内容补齐",
    "“{en}” needs more from you; all of it is listed")
SUPPLEMENT_ANSWERED = Line(
    "supplement-answered", "申请人已补正，“{zh}”继续办理", "The applicant has supplied what was missing for “{en}”")
EXTENDED = Line(
    "limits-extended", "经批准延长办理期限：{reason}", "The limits were extended: {reason}")
CLOCK_STOPPED = Line(
    "clock-stopped", "因{cause_zh}停止计算办理期限，预计需要 {days} 个工作日",
    "The limits stand still for {cause_en}, expected to take {days} working day(s)")
CLOCK_RESTARTED = Line("clock-restarted", "办理期限恢复计算", "The limits run on")
RETURNED = Line("decision-returned", "“{zh}”经复核退回重新办理", "“{en}” was returned by the reviewer")
