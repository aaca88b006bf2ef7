"""Steps that every service's first migration calls."""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from shared_components.db.types import Json, UtcDateTime

# Where the app has used the same id over AMQP, both operations stay what they are.
_SPLIT_OPERATIONS = """
UPDATE operations SET caller = substr(op_id, 1, COLON - 1), op_id = substr(op_id, COLON + 1)
WHERE caller = 'gateway' AND op_id LIKE 'app-%:%'
AND NOT EXISTS (SELECT 1 FROM operations AS other WHERE operations.op_id = other.caller || ':' || other.op_id)
"""
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")

# `*` is the platform's own work. The setting ends with its transaction and is then empty: no tenant, no row.
_VISIBLE = (
    "current_setting('zhongtai.tenants', true) = '*' OR "
    "tenant_id = ANY (string_to_array(current_setting('zhongtai.tenants', true), ','))"
)


def create_platform_tables(op: Any) -> None:
    """operations, outbox, inbox and leases, as of their first version.

    Written out and not taken from tables.py: a migration that has run must never change its meaning.
    op: alembic's operations.
    """
    op.create_table(
        "operations",
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("op_id", sa.String(128), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("caller", "op_id", name="pk_operations"),
    )
    op.create_index("ix_operations_created_at", "operations", ["created_at"])
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("aggregate", sa.String(128), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("traceparent", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("claimed_until", UtcDateTime),
        sa.PrimaryKeyConstraint("event_id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_outbox_aggregate_sequence", "outbox", ["aggregate", "sequence"])
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(128), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("handled_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def split_operations_of_apps(op: Any) -> None:
    """Give the operations of apps over HTTP to the apps: once their caller was `gateway`, with `app-x:` before the id.

    Replies stay sealed for the old names; the bus tries these too.
    """
    colon = "position(':' in op_id)" if op.get_bind().dialect.name == "postgresql" else "instr(op_id, ':')"
    op.execute(_SPLIT_OPERATIONS.replace("COLON", colon))


def key_operations_by_person(op: Any) -> None:
    """Add the acting person and their principal to the key of operations.

    Both have a default, so that processes of the version before may still write while they are being replaced. Old rows
    are those of calls without an acting person.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE operations ADD COLUMN subject varchar(64) NOT NULL DEFAULT '', "
            "ADD COLUMN principal varchar(64) NOT NULL DEFAULT '', DROP CONSTRAINT pk_operations, "
            "ADD CONSTRAINT pk_operations PRIMARY KEY (caller, subject, principal, op_id)")
        return
    # SQLite cannot change a primary key.
    op.execute("ALTER TABLE operations RENAME TO operations_before")
    op.execute("DROP INDEX ix_operations_created_at")
    op.create_table(
        "operations",
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False, server_default=""),
        sa.Column("principal", sa.String(64), nullable=False, server_default=""),
        sa.Column("op_id", sa.String(128), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("caller", "subject", "principal", "op_id", name="pk_operations"),
    )
    kept = "caller, op_id, method, request_hash, reply, created_at"
    op.execute(f"INSERT INTO operations ({kept}) SELECT {kept} FROM operations_before")  # noqa: S608
    op.execute("DROP TABLE operations_before")
    op.create_index("ix_operations_created_at", "operations", ["created_at"])


def enable_tenant_isolation(op: Any, table: str) -> None:
    """PostgreSQL: a transaction sees and writes only rows whose tenant_id it was opened for.

    FORCE holds the table's owner to it too; superusers and roles with BYPASSRLS are never held, so services
    must not connect as one. On SQLite this does nothing: there the repositories' own conditions are the only guard.
    """
    if not _TABLE.fullmatch(table):
        raise ValueError(f"table is {table!r}; only lowercase letters, digits and _ are allowed")
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant_isolation ON {table} USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})")


def separate_policies(op: Any, table: str, *, subjects: Sequence[str] = (), maker: str | None = None) -> None:
    """PostgreSQL: all commands on rows of the transaction's tenants; reading alone on what else its calls may see.

    subjects: columns that name a holder. maker: the column that names the app that made the row.
    Nothing of another tenant is locked or changed: SELECT FOR UPDATE keeps to the policy for updates.
    The settings are read once a statement, not once a row.
    Source: docs/adr/053-a-second-wall-that-reads-more-than-it-writes.md
    """
    for name in (table, *subjects, *([maker] if maker else [])):
        if not _TABLE.fullmatch(name):
            raise ValueError(f"name is {name!r}; only lowercase letters, digits and _ are allowed")
    if op.get_bind().dialect.name != "postgresql":
        return
    writes = (f"(SELECT current_setting('zhongtai.tenants', true)) = '*' OR {_is_listed('tenant_id', 'tenants')}")
    reads = [_is_listed("tenant_id", "read_tenants"), *(_is_listed(column, "subjects") for column in subjects)]
    if maker is not None:
        reads.append(_is_listed(maker, "apps"))
    op.execute(f"DROP POLICY tenant_isolation ON {table}")
    op.execute(f"CREATE POLICY tenant_isolation ON {table} USING ({writes}) WITH CHECK ({writes})")
    op.execute(f"CREATE POLICY wider_reading ON {table} FOR SELECT USING ({' OR '.join(reads)})")


def let_holders_read(op: Any, table: str, *, parent: str, key: str, subject: str) -> None:
    """PostgreSQL: a row is read by the holder whom its parent's row names, whichever department keeps them.

    table: has policies of separate_policies without subjects. key: the column by which a row names its parent.
    subject: the parent's column that names the holder. The parent is looked up only where a citizen acts.
    """
    for name in (table, parent, key, subject):
        if not _TABLE.fullmatch(name):
            raise ValueError(f"name is {name!r}; only lowercase letters, digits and _ are allowed")
    if op.get_bind().dialect.name != "postgresql":
        return
    named = (
        f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.{key} = {table}.{key} "  # noqa: S608
        f"AND {_is_listed(f'parent.{subject}', 'subjects')})")
    acted_for = "(SELECT coalesce(current_setting('zhongtai.subjects', true), '')) <> ''"
    reads = f"{_is_listed('tenant_id', 'read_tenants')} OR ({acted_for} AND {named})"
    op.execute(f"DROP POLICY wider_reading ON {table}")
    op.execute(f"CREATE POLICY wider_reading ON {table} FOR SELECT USING ({reads})")


def _is_listed(column: str, setting: str) -> str:
    return f"{column} = ANY ((SELECT string_to_array(current_setting('zhongtai.{setting}', true), ','))::text[])"


def make_append_only(op: Any, table: str) -> None:
    """Rows are added and read, nothing else. PostgreSQL: the rights are revoked, also the owner's own, and triggers
    refuse who has taken them back. SQLite: triggers."""
    if not _TABLE.fullmatch(table):
        raise ValueError(f"table is {table!r}; only lowercase letters, digits and _ are allowed")
    postgresql = op.get_bind().dialect.name == "postgresql"
    refusal = f"{table} is append-only; add another row instead"
    if not postgresql:
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER append_only_{table}_{what.lower()} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for what, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER append_only_{each.lower()} BEFORE {what} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_{table}()"
        )
    revoke_changes(op, table)


def revoke_changes(op: Any, table: str) -> None:
    """PostgreSQL: nobody may change or empty the table, its owner neither (who could only take the right back)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")
