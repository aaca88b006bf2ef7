"""Tables of the directory. tenant_id is the realm: the tenant id of its population."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime, metadata_of
from shared_components.db.feeds import include_feed_tables
from shared_components.evidence_log import include_evidence_tables

include_evidence_tables(metadata_of("identity"))
include_feed_tables(metadata_of("identity"))


class RealmRow(Base):
    __tablename__ = "realms"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sandbox_tenant: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RealmTenantRow(Base):
    """A tenant id's realm and environment. Rows are only ever added."""

    __tablename__ = "realm_tenants"
    tenant: Mapped[str] = mapped_column(String(64), primary_key=True)
    realm_id: Mapped[str] = mapped_column(String(64))
    environment: Mapped[str] = mapped_column(String(16))


class DepartmentRow(Base):
    __tablename__ = "departments"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'merged', 'closed')", name="state_known"),
        CheckConstraint("parent_id <> department_id", name="not_below_itself"),
        UniqueConstraint("tenant_id", "code"),
        Index("ix_departments_tenant_id_parent_id", "tenant_id", "parent_id"),
    )
    department_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    parent_id: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(32))
    credit_code: Mapped[str | None] = mapped_column(String(18))
    tenant: Mapped[str] = mapped_column(String(64))
    sandbox_tenant: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    successor_id: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OwnedTenantRow(Base):
    """The department that owns a tenant id of production now."""

    __tablename__ = "department_tenants"
    tenant: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(String(64), index=True)


class MembershipRow(Base):
    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'ended')", name="state_known"),
        Index("ix_memberships_tenant_id_department_id", "tenant_id", "department_id"),
        Index("ix_memberships_tenant_id_subject_id", "tenant_id", "subject_id"),
    )
    membership_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]] = mapped_column(Json)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppRow(Base):
    """draft, approved: scopes, in_flight, calls_per_s, redirect_uris. broker_keys: environment → key id."""

    __tablename__ = "apps"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'frozen', 'closed')", name="state_known"),
        CheckConstraint("production IN ('none', 'requested', 'approved')", name="production_known"),
        Index("ix_apps_tenant_id_department_id", "tenant_id", "department_id"),
    )
    app: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[str] = mapped_column(String(64))
    tenant: Mapped[str] = mapped_column(String(64))
    sandbox_tenant: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    production: Mapped[str] = mapped_column(String(16))
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    approved: Mapped[dict[str, Any] | None] = mapped_column(Json)
    requested_by: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    broker_keys: Mapped[dict[str, str] | None] = mapped_column(Json)


class AppKeyRow(Base):
    """key_hash: SHA-256 of the key, which is stored nowhere. broker_hash: the same for RabbitMQ, with a salt."""

    __tablename__ = "app_keys"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'revoked')", name="state_known"),
        UniqueConstraint("key_hash"),
    )
    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(40), index=True)
    environment: Mapped[str] = mapped_column(String(16))
    key_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    broker_hash: Mapped[str | None] = mapped_column(String(64))


class DirectoryChangeRow(Base):
    """History of the directory; rows are only ever added."""

    __tablename__ = "directory_changes"
    thing_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    thing: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
