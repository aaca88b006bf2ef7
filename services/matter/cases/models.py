"""The tables. What people wrote or are told about is a ciphertext; ids, states and times are not."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime, metadata_of
from shared_components.db.subject_aliases import include_alias_table
from shared_components.evidence_log import include_evidence_tables
from shared_components.kernel.apps import BEFORE_APPS

include_evidence_tables(metadata_of("matter"))
include_alias_table(metadata_of("matter"))

_WAKES = text("wake_at IS NOT NULL")
_ON_DESK = text("desk IS NOT NULL AND state = 'waiting'")
_OPEN = text("open_slot IS NOT NULL")
_LOOKED_AT = text("look_at IS NOT NULL")
_PENDING = text("pending_year IS NOT NULL")


class CaseRow(Base):
    """form, sealed (applicant, reason of stopping), handling (pause, supplement): ciphertexts bound to the case's id.

    Two of them, because a form with a photograph is large and does not change once it is submitted.
    open_slot: 1, 2, … while the case is open after its submission: the index allows each once for an applicant, matter
    and object. object_key: a keyed hash of what the case is about, where the definition says so.
    stage: of the procedure by law. look_at: when its limits have to be looked at. pending_year: that a limit waits for.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_tenant", "tenant_id", "case_id"),
        Index("ix_cases_applicant", "tenant_id", "applicant_subject", "case_id"),
        Index("ix_cases_holder", "applicant_subject", "case_id"),
        Index(
            "uq_cases_open", "tenant_id", "matter_code", "applicant_subject", "object_key", "open_slot", unique=True,
            postgresql_where=_OPEN, sqlite_where=_OPEN,
        ),
        Index("ix_cases_look", "look_at", postgresql_where=_LOOKED_AT, sqlite_where=_LOOKED_AT),
        Index("ix_cases_pending", "pending_year", postgresql_where=_PENDING, sqlite_where=_PENDING),
    )
    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    matter_code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    applicant_subject: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64), server_default=BEFORE_APPS)
    locale: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(20))
    stuck: Mapped[bool]
    form: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    handling: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    object_key: Mapped[str] = mapped_column(String(64), server_default="")
    open_slot: Mapped[int | None] = mapped_column(Integer)
    revision: Mapped[int]
    stage: Mapped[str | None] = mapped_column(String(20))
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pending_year: Mapped[int | None] = mapped_column(Integer)


class StepRow(Base):
    """A task of a case: step, compensation or notice. wake_at: when the engine has to look at it.

    desk: role of the officers whose inbox has it while it waits. claimed_by: the officer who has taken it.
    sealed: result, signal and error, one ciphertext bound to the step's id.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("case_id", "name"),
        Index("ix_steps_wake", "wake_at", postgresql_where=_WAKES, sqlite_where=_WAKES),
        Index("ix_steps_desk", "tenant_id", "desk", "step_id", postgresql_where=_ON_DESK, sqlite_where=_ON_DESK),
    )
    step_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    attempt_group: Mapped[int]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_order: Mapped[int]
    limit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    desk: Mapped[str | None] = mapped_column(String(20))
    claimed_by: Mapped[str | None] = mapped_column(String(64))


class TimelineRow(Base):
    """Only ever added to."""

    __tablename__ = "timeline"
    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    tenant_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry: Mapped[str] = mapped_column(String(40))
    step: Mapped[str | None] = mapped_column(String(64))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
