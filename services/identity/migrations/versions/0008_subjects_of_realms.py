"""Subjects belong to the population of a realm, and two subjects of one person are merged.

Every new column may be empty: processes of the version before read and write the same rows.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")
_OF_POPULATION = f"population IN ({_POPULATIONS})"
_OF_SUBJECT = (
    "EXISTS (SELECT 1 FROM subjects s WHERE s.subject_id = {table}.subject_id "  # noqa: S608 -- no value comes in
    f"AND s.population IN ({_POPULATIONS}))")


def upgrade() -> None:
    with op.batch_alter_table("subjects") as table:
        for column, length in (("population", 64), ("registered_by", 64), ("merged_into", 64)):
            table.add_column(sa.Column(column, sa.String(length)))
    op.create_index("ix_subjects_merged_into", "subjects", ["merged_into"])
    with op.batch_alter_table("subject_documents") as table:
        table.add_column(sa.Column("population", sa.String(64)))
        table.add_column(sa.Column("population_index", sa.String(64)))
    op.create_index(
        "uq_subject_documents_population", "subject_documents", ["population", "id_type", "population_index"],
        unique=True)
    _create_registrations()
    _create_merges()
    _let_realms_see_their_population()


def _create_registrations() -> None:
    op.create_table(
        "subject_registrations",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("registered_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "tenant_id", "app", name="pk_subject_registrations"),
    )
    enable_tenant_isolation(op, "subject_registrations")
    separate_policies(op, "subject_registrations")


def _create_merges() -> None:
    op.create_table(
        "subject_merges",
        sa.Column("merge_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("survivor_id", sa.String(64), nullable=False),
        sa.Column("merged_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("reason", sa.String(200)),
        sa.PrimaryKeyConstraint("merge_id", name="pk_subject_merges"),
        sa.UniqueConstraint("survivor_id", "merged_id", name="uq_subject_merges_survivor_id_merged_id"),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name="ck_subject_merges_state_known"),
    )
    enable_tenant_isolation(op, "subject_merges")
    separate_policies(op, "subject_merges")


def _let_realms_see_their_population() -> None:
    """PostgreSQL: a transaction of any tenant of a realm reads and writes the realm's subjects."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rules = {
        "subjects": _OF_POPULATION, "subject_documents": _OF_POPULATION,
        "evidence": _OF_SUBJECT.format(table="evidence"),
        "subject_changes": _OF_SUBJECT.format(table="subject_changes"),
        "subject_registrations": _OF_SUBJECT.format(table="subject_registrations"),
        "subject_merges": f"tenant_id IN ({_POPULATIONS})",
    }
    for table, rule in rules.items():
        op.execute(f"CREATE POLICY population_of_realm ON {table} USING ({rule}) WITH CHECK ({rule})")
