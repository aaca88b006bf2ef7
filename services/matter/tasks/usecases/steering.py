"""Steering of a case by an officer with a role of the rule or by an operator, and the record that it leaves."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.usecases.case_progress import ChangeCaseTx
from services.matter.tasks.usecases.desk import officer_of, require_disinterested
from shared_components.kernel.evidence import EvidenceTx, Fact

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SteerTx(ChangeCaseTx, EvidenceTx, Protocol):
    """The part of a transaction that steering a case uses."""


def steered_by(context: CallContext) -> str:
    """Give the officer's subject, or `operator`. Raises OfficerNeeded."""
    if context.acting is None and context.caller == "operator":
        return "operator"
    return officer_of(context).subject


def locked_to_steer(tx: SteerTx, context: CallContext, case_id: str) -> tuple[str, Case]:
    """Give who steers, and the case. Raises OfficerNeeded, CaseNotFound, OwnCase."""
    by = steered_by(context)
    case = tx.cases.lock(context, case_id)
    require_disinterested(case, by)
    return by, case


def put_on_record(
    tx: EvidenceTx, context: CallContext, case: Case, action: str, reason: str,
    details: Mapping[str, Fact] | None = None,
) -> None:
    """Record who did it and why; the reason is kept encrypted."""
    tx.record_evidence(
        context, owner=case.tenant, action=action, about=case.id, case=case.id,
        basis="platform" if context.acting is None else "own", details=details, cause=reason)
