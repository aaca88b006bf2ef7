"""Lines of the timeline about officers' work."""
from __future__ import annotations

from services.matter.cases.domain.timeline import Line

WITH_OFFICERS = Line("with-officers", "“{zh}”已转工作人员办理", "“{en}” is with the department's staff")
PROPOSED = Line(
    "decision-proposed", "“{zh}”已提出意见，待复核", "A decision on “{en}” was proposed and is being reviewed")
RETURNED = Line("decision-returned", "“{zh}”经复核退回重新办理", "“{en}” was returned by the reviewer")
