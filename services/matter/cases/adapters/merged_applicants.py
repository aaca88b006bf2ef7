"""Cases of a merged applicant: they become the survivor's, and take places after the survivor's open cases."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, func, null, select

from services.matter.cases.adapters.tables import CASES
from shared_components.db.subject_aliases import NamedSubject

_OF_SURVIVOR = CASES.alias("of_survivor")


def _next_slot(survivor: ColumnElement[str]) -> Mapping[str, ColumnElement[Any]]:
    """The place after the survivor's open cases of the same matter and object: two may now be open, none is refused."""
    same = [_OF_SURVIVOR.c[name] == CASES.c[name] for name in ("tenant_id", "matter_code", "object_key")]
    last = select(func.coalesce(func.max(_OF_SURVIVOR.c.open_slot), 0)).where(
        *same, _OF_SURVIVOR.c.applicant_subject == survivor).correlate(CASES).scalar_subquery()
    return {"open_slot": case((CASES.c.open_slot.is_(None), null()), else_=last + 1)}


APPLICANTS = NamedSubject(CASES, "case_id", "applicant_subject", also=_next_slot)
