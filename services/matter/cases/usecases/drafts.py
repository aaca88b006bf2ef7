"""Drafts: the state of a case in which its form may still change."""
from __future__ import annotations

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.errors import CaseNotEditable
from shared_components.kernel.bilingual import Bilingual


def require_draft(case: Case) -> None:
    """Raises CaseNotEditable."""
    if case.state != states.DRAFT:
        raise CaseNotEditable(Bilingual(
            f"case {case.id} is {case.state!r}; only 'draft' can be changed or submitted",
            f"办件 {case.id} 的状态为“{case.state}”；只有“draft”可以修改或提交"))
