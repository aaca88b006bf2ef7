"""The tables behind the models, for Core statements."""
from __future__ import annotations

from services.matter.cases.models import CaseRow, StepRow, TimelineRow
from shared_components.db import table_of

CASES = table_of(CaseRow)
STEPS = table_of(StepRow)
TIMELINE = table_of(TimelineRow)
