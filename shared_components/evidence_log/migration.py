"""The tables of the evidence log, for a migration of a service that keeps one."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from shared_components.db import UtcDateTime

KEPT_DAYS = 183
"""Six months: the database itself refuses to delete a record or a leaf that is younger."""

_ALL = "current_setting('zhongtai.tenants', true) = '*'"
_OWNED = f"{_ALL} OR owner = ANY (string_to_array(current_setting('zhongtai.tenants', true), ','))"


def create_evidence_tables(op: Any) -> None:
    """Create the tables of the evidence log, as of their first version.

    PostgreSQL: an owner's rows are seen by transactions that were opened for the owner. Every transaction may add a
    record; only one for all tenants seals. Nobody changes what was sealed.
    op: alembic's operations.
    """
    _create_records(op)
    _create_seals(op)
    for table in ("evidence_records", "evidence_unsealed", "evidence_value_keys"):
        _protect(op, table, adds="true")
    for table in ("evidence_leaves", "evidence_segments", "evidence_heads"):
        _protect(op, table, adds=_ALL)
    _keep(op, "evidence_records", "at")
    _keep(op, "evidence_leaves", "sealed_at")
    _keep(op, "evidence_segments", None)


def _create_records(op: Any) -> None:
    op.create_table(
        "evidence_records",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("about", sa.String(128), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_evidence_records"),
    )
    op.create_index("ix_evidence_records_owner_about", "evidence_records", ["owner", "about"])
    op.create_index("ix_evidence_records_owner_at", "evidence_records", ["owner", "at"])
    op.create_table(
        "evidence_unsealed",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("refused_at", UtcDateTime),
        sa.PrimaryKeyConstraint("record_id", name="pk_evidence_unsealed"),
    )
    op.create_index("ix_evidence_unsealed_at", "evidence_unsealed", ["at"])
    op.create_table(
        "evidence_value_keys",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_evidence_value_keys"),
    )


def _create_seals(op: Any) -> None:
    op.create_table(
        "evidence_leaves",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("leaf_index", sa.BigInteger, nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("owner", "leaf_index", name="pk_evidence_leaves"),
        sa.UniqueConstraint("record_id", name="uq_evidence_leaves_record_id"),
    )
    op.create_table(
        "evidence_segments",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(128), nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("owner", "number", name="pk_evidence_segments"),
    )
    op.create_table(
        "evidence_heads",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("segments", sa.BigInteger, nullable=False),
        sa.Column("records", sa.BigInteger, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_evidence_heads"),
    )


def _protect(op: Any, table: str, *, adds: str) -> None:
    """Row security by owner. adds: the condition under which a transaction may add rows."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_reads ON {table} FOR SELECT USING ({_OWNED})")
    op.execute(f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({adds})")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE USING ({_ALL}) WITH CHECK ({_ALL})")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE USING ({_ALL})")


def _keep(op: Any, table: str, since: str | None) -> None:
    """Refuse updates, and deletions of rows younger than KEPT_DAYS. since: the column of their time; None: of all."""
    refusal = f"{table} is append-only, and kept for {KEPT_DAYS} days"
    if op.get_bind().dialect.name != "postgresql":
        young = "" if since is None else f"WHEN OLD.{since} > datetime('now', '-{KEPT_DAYS} days')"
        for what, when in (("UPDATE", ""), ("DELETE", young)):
            op.execute(f"CREATE TRIGGER keep_{table}_{what.lower()} BEFORE {what} ON {table} {when} "
                       f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        return
    old = "false" if since is None else f"TG_OP = 'DELETE' AND OLD.{since} <= now() - interval '{KEPT_DAYS} days'"
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_LEVEL = 'ROW' AND ({old}) THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for what, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER keep_{each.lower()} BEFORE {what} ON {table} "
                   f"FOR EACH {each} EXECUTE FUNCTION keep_{table}()")
    rights = "UPDATE, TRUNCATE" + (", DELETE" if since is None else "")
    op.execute(f"REVOKE {rights} ON {table} FROM PUBLIC, CURRENT_USER")
