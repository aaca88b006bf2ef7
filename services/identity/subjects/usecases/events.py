"""The events of identity, as they are recorded."""
from __future__ import annotations

from datetime import datetime

from services.identity.subjects.domain.merging import MERGED
from services.identity.subjects.domain.states import STATE_CHANGED
from services.identity.subjects.domain.subject import LEVEL_RAISED, REGISTERED, Subject
from shared_components.kernel.transactions import HasEvents


def emit_registered(tx: HasEvents, subject: Subject, *, level: int) -> None:
    _emit(tx, REGISTERED, subject, kind=subject.kind, level=level, locale=subject.locale,
          registered_at=subject.created_at)


def emit_level_raised(
    tx: HasEvents, subject: Subject, *, level_before: int, level: int, evidence_kind: str, at: datetime,
) -> None:
    _emit(tx, LEVEL_RAISED, subject, level_before=level_before, level=level, evidence_kind=evidence_kind, raised_at=at)


def emit_state_changed(tx: HasEvents, subject: Subject, *, state_before: str, at: datetime) -> None:
    _emit(tx, STATE_CHANGED, subject, state_before=state_before, state=subject.state, changed_at=at)


def emit_merged(tx: HasEvents, survivor: Subject, merged: Subject, *, at: datetime) -> None:
    """For the tenant that registered the merged one: its rows hold the id that is only an alias now."""
    tx.events.record(
        MERGED, aggregate=merged.subject_id, tenant=merged.tenant, sequence=merged.revision,
        data={"subject_id": survivor.subject_id, "merged_id": merged.subject_id, "merged_at": at})


def _emit(tx: HasEvents, type: str, subject: Subject, **data: object) -> None:
    tx.events.record(
        type, aggregate=subject.subject_id, tenant=subject.tenant, sequence=subject.revision,
        data={"subject_id": subject.subject_id, **data},
    )
