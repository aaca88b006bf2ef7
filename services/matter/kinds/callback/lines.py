"""Lines of the timeline about callbacks."""
from __future__ import annotations

from services.matter.cases.domain.timeline import Line

STEP_WAITING = Line("step-waiting", "等待“{zh}”的结果", "Waiting for “{en}”")
NOTE = "note"
"""The constant of a line whose texts the definition gives."""
