"""Drafts: the state of a case in which its form may still change."""
from __future__ import annotations

from services.matter.domain import states
from services.matter.domain.case import Case
from services.matter.domain.errors import CaseNotEditable


def require_draft(case: Case) -> None:
    """Raises CaseNotEditable."""
    if case.state != states.DRAFT:
        raise CaseNotEditable(f"case {case.id} is {case.state!r}; only 'draft' can be changed or submitted")
