"""The procedure by law as callers may see it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class StopView:
    cause: str
    begun_at: datetime
    ended_at: datetime | None
    expected_working_days: int


@dataclass(frozen=True, slots=True)
class ExtensionView:
    at: datetime
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureView:
    """pending_year: the year whose working days must be announced before the limits are known."""

    received_at: datetime
    accepted_at: datetime | None
    deemed_accepted: bool
    examined_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    promised_due_at: datetime | None
    legal_due_at: datetime | None
    pending_year: int | None
    stopped: bool
    stops: Sequence[StopView]
    extension: ExtensionView | None


def procedure_view(case: Case) -> ProcedureView | None:
    """Give the procedure; None for a draft, and for a case of before. No officer is named."""
    kept = Procedure.of(case)
    if kept is None:
        return None
    return ProcedureView(
        received_at=datetime.fromisoformat(kept.received_at), accepted_at=_time(kept.accepted_at),
        deemed_accepted=kept.deemed, examined_at=_time(kept.examined_at), decided_at=_time(kept.decided_at),
        ended_at=_time(kept.ended_at), promised_due_at=_time(kept.promised_due_at),
        legal_due_at=_time(kept.legal_due_at), pending_year=kept.pending_year, stopped=kept.stopped is not None,
        stops=[
            StopView(one.cause, datetime.fromisoformat(one.begun_at), _time(one.ended_at), one.expected_working_days)
            for one in kept.stops],
        extension=None if kept.extension is None else ExtensionView(
            datetime.fromisoformat(kept.extension.at), kept.extension.reason))


def is_late(case: Case, now: datetime) -> bool:
    """Tell whether the promised or the legal limit has passed without a decision."""
    kept = Procedure.of(case)
    if kept is None or not kept.is_undecided:
        return False
    limits = (_time(kept.promised_due_at), _time(kept.legal_due_at))
    return any(due is not None and now > due for due in limits)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
