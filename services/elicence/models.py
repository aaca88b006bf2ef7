"""The tables of elicence. What is personal is sealed: one ciphertext a row, and a blind index to find it by."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime, metadata_of
from shared_components.db.subject_aliases import include_alias_table
from shared_components.evidence_log import include_evidence_tables

include_evidence_tables(metadata_of("elicence"))
include_alias_table(metadata_of("elicence"))

ACTIVE_STATES = text("state IN ('issued', 'suspended')")


class LicenceTypeRow(Base):
    """Every version of a type; one of them is current."""

    __tablename__ = "licence_types"

    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type_code: Mapped[str] = mapped_column(String(21), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    is_current: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(200))
    issuer_code: Mapped[str] = mapped_column(String(18))
    issuer_name: Mapped[str] = mapped_column(String(200))
    validity_years: Mapped[list[int | None]] = mapped_column(Json)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_licence_types_current", "tenant_id", "type_code", unique=True,
            postgresql_where=text("is_current"), sqlite_where=text("is_current"),
        ),
    )


class LicenceRow(Base):
    """sealed: holder's name and number and the content, encrypted. holder_key: blind index of the number."""

    __tablename__ = "licences"

    licence_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    identifier: Mapped[str] = mapped_column(String(128), unique=True)
    prior_identifier: Mapped[str | None] = mapped_column(String(128))
    type_code: Mapped[str] = mapped_column(String(21))
    type_version: Mapped[int] = mapped_column(Integer)
    type_name: Mapped[str] = mapped_column(String(200))
    issuer_name: Mapped[str] = mapped_column(String(200))
    holder_subject: Mapped[str] = mapped_column(String(64))
    holder_id_type: Mapped[str] = mapped_column(String(8))
    holder_key: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(128))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    trust_grade: Mapped[str] = mapped_column(String(1))
    state: Mapped[str] = mapped_column(String(16))
    state_reason: Mapped[str] = mapped_column(String(200))
    state_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index(
            "uq_licences_active", "tenant_id", "type_code", "holder_key", "scope", unique=True,
            postgresql_where=ACTIVE_STATES, sqlite_where=ACTIVE_STATES,
        ),
        Index("ix_licences_holder_key", "holder_key"),
        Index("ix_licences_holder", "tenant_id", "holder_subject", "licence_id"),
        # Of an acting holder, whose licences of all departments are listed.
        Index("ix_licences_holder_subject", "holder_subject", "licence_id"),
        Index("ix_licences_ending", "valid_until", postgresql_where=ACTIVE_STATES, sqlite_where=ACTIVE_STATES),
    )


class LicenceChangeRow(Base):
    """The history of each licence; rows are added and never changed."""

    __tablename__ = "licence_changes"

    licence_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SerialRow(Base):
    """Counters of serial numbers. They belong to no tenant: an identifier is unique in the country."""

    __tablename__ = "licence_serials"

    type_code: Mapped[str] = mapped_column(String(21), primary_key=True)
    issuer_code: Mapped[str] = mapped_column(String(18), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_serial: Mapped[int] = mapped_column(BigInteger)


class PresentationRow(Base):
    __tablename__ = "presentations"

    presentation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    licence_id: Mapped[str] = mapped_column(String(64))
    selector: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(String(200))
    fields: Mapped[list[str]] = mapped_column(Json)
    verifier: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PresentationUseRow(Base):
    """One row for each code that was used, by whichever department; it belongs to no tenant."""

    __tablename__ = "presentation_uses"

    presentation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
