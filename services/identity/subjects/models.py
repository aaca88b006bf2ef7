"""The tables. Whatever identifies somebody is a ciphertext bound to the subject's id, or a keyed hash."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime


class SubjectRow(Base):
    """standing: kind of evidence → when it ends (ISO 8601) or null. The level follows from it, with no further read.

    tenant_id: the tenant that registered it first. population: the tenant of its realm's population; null until
    `zhongtai identity migrate-subjects` has been there. registered_by: the app; null for a service, and before this
    was recorded. merged_into: the subject that stands for it since a merge.
    """

    __tablename__ = "subjects"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'frozen', 'closed')", name="state_known"),
        CheckConstraint("revision > 0", name="revision_positive"),
        Index("ix_subjects_merged_into", "merged_into"),
    )
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    standing: Mapped[dict[str, Any]] = mapped_column(Json)
    primary_id_type: Mapped[str] = mapped_column(String(8))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    mobile: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    locale: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    population: Mapped[str | None] = mapped_column(String(64))
    registered_by: Mapped[str | None] = mapped_column(String(64))
    merged_into: Mapped[str | None] = mapped_column(String(64))


class DocumentRow(Base):
    """An identity document of a subject.

    number_index, population_index: its blind indexes in the tenant that registered it and in the population. The second
    is null where another subject of the population has it: the two are a merge to confirm.
    """

    __tablename__ = "subject_documents"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id_type", "number_index"),
        Index("uq_subject_documents_population", "population", "id_type", "population_index", unique=True),
    )
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    id_type: Mapped[str] = mapped_column(String(8), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[str] = mapped_column(String(64))
    population: Mapped[str | None] = mapped_column(String(64))
    population_index: Mapped[str | None] = mapped_column(String(64))


class RegistrationRow(Base):
    """A further app that registered a subject that was there already. tenant_id: the app's."""

    __tablename__ = "subject_registrations"
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    app: Mapped[str] = mapped_column(String(64), primary_key=True)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MergeRow(Base):
    """Two subjects that may be one. tenant_id: their population."""

    __tablename__ = "subject_merges"
    __table_args__ = (
        UniqueConstraint("survivor_id", "merged_id"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name="state_known"),
    )
    merge_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    survivor_id: Mapped[str] = mapped_column(String(64))
    merged_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(200))


class EvidenceRow(Base):
    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("subject_id", "authority", "receipt"),)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    evidence_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    authority: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(128))
    obtained_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    brought_by: Mapped[str] = mapped_column(String(64))


class ChangeRow(Base):
    """A subject's history; rows are only ever added."""

    __tablename__ = "subject_changes"
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
