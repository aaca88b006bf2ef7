"""Tables of mandates. tenant_id is the population of principal and agent."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime


class MandateRow(Base):
    """agent_key: keyed hash of the agent's document and name. names: encrypted, as both sides may see them."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("kind IN ('representative', 'manager', 'handler')", name="kind_known"),
        CheckConstraint(
            "state IN ('proposed', 'active', 'suspended', 'refused', 'revoked', 'expired', 'ended')",
            name="state_known"),
        CheckConstraint("agent_id <> principal_id", name="between_two"),
        CheckConstraint("state <> 'active' OR agent_id IS NOT NULL", name="active_with_agent"),
        CheckConstraint("limit_minor >= 0", name="limit_not_negative"),
        Index("ix_mandates_principal_id", "principal_id", "mandate_id"),
        Index("ix_mandates_agent_id", "agent_id", "mandate_id"),
        Index("ix_mandates_agent_key", "agent_key"),
        Index("ix_mandates_state_valid_until", "state", "valid_until"),
    )
    mandate_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    principal_id: Mapped[str] = mapped_column(String(64))
    agent_id: Mapped[str | None] = mapped_column(String(64))
    agent_key: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[Any]] = mapped_column(Json)
    matters: Mapped[list[Any]] = mapped_column(Json)
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    appointed_by: Mapped[str] = mapped_column(String(64))
    principal_name: Mapped[bytes] = mapped_column(LargeBinary)
    agent_name: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    successor_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MandateChangeRow(Base):
    """History of mandates; rows are only ever added."""

    __tablename__ = "mandate_changes"
    mandate_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
