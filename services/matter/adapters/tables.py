"""The tables behind the models, for Core statements."""
from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from services.matter.models import CallbackRow, CaseRow, DefinitionRow, StepRow, TimelineRow
from shared_components.db import Base


def _table_of(row: type[Base]) -> Table:
    return cast(Table, row.__table__)


DEFINITIONS = _table_of(DefinitionRow)
CASES = _table_of(CaseRow)
STEPS = _table_of(StepRow)
TIMELINE = _table_of(TimelineRow)
CALLBACKS = _table_of(CallbackRow)
