"""The first tables of matter."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, create_platform_tables, enable_tenant_isolation

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_platform_tables(op)
    _create_definitions()
    _create_cases()
    _create_steps()
    _create_timeline()
    _create_callbacks()
    for table in ("definitions", "cases", "steps", "timeline", "callbacks"):
        enable_tenant_isolation(op, table)


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("matter_code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "matter_code", "version", name="pk_definitions"),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("matter_code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("applicant_subject", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("stuck", sa.Boolean, nullable=False),
        sa.Column("form", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("submitted_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_index("ix_cases_tenant", "cases", ["tenant_id", "case_id"])
    op.create_index("ix_cases_applicant", "cases", ["tenant_id", "applicant_subject", "case_id"])


def _create_steps() -> None:
    op.create_table(
        "steps",
        sa.Column("step_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempt_group", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("wake_at", UtcDateTime),
        sa.Column("claim", sa.String(40)),
        sa.Column("created_at", UtcDateTime),
        sa.Column("started_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("finished_order", sa.Integer, nullable=False),
        sa.Column("limit_at", UtcDateTime),
        sa.PrimaryKeyConstraint("step_id", name="pk_steps"),
        sa.UniqueConstraint("case_id", "name", name="uq_steps_case_id_name"),
    )
    wakes = sa.text("wake_at IS NOT NULL")
    op.create_index("ix_steps_wake", "steps", ["wake_at"], postgresql_where=wakes, sqlite_where=wakes)


def _create_timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("entry", sa.String(40), nullable=False),
        sa.Column("step", sa.String(64)),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "line_no", name="pk_timeline"),
    )


def _create_callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("callback_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key_id", "callback_id", name="pk_callbacks"),
    )
