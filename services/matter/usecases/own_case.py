"""The case that a call is about, and whether the caller may use it."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.matter.domain.case import Case
from services.matter.domain.errors import ApplicantMismatch, unknown_case
from services.matter.domain.ports import HasLockedCases
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class OneCase:
    """For commands and queries that name a case and nothing else."""

    case_id: str


def own_case(tx: HasLockedCases, context: CallContext, case_id: str) -> Case:
    """The case, locked. Raises CaseNotFound, ApplicantMismatch."""
    return require_own(tx.cases.lock(context.tenant, case_id), context)


def require_own(case: Case, context: CallContext) -> Case:
    """Another app's case looks as if it were not there. Raises CaseNotFound, ApplicantMismatch."""
    if not context.reaches(case.app):
        raise unknown_case(case.id)
    acting = context.subject
    if acting is not None and acting != case.applicant_subject:
        raise ApplicantMismatch(Bilingual(
            f"case {case.id} belongs to another subject; only the applicant may use it",
            f"办件 {case.id} 属于其他主体；只有申请人可以使用"))
    return case
