"""The tables of feeds, for a migration of a service that produces or copies one."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from shared_components.db.types import Json, UtcDateTime

_ALL = "(SELECT current_setting('zhongtai.tenants', true)) = '*'"


def create_feed_tables(op: Any) -> None:
    """Create the producer's tables, as of their first version. op: alembic's operations."""
    op.create_table(
        "feed_heads",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_feed_heads"),
    )
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.String(256), nullable=False),
        sa.Column("data", Json),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("feed", "n", name="pk_feed_entries"),
    )
    op.create_index("ix_feed_entries_feed_kind_key", "feed_entries", ["feed", "kind", "key"])
    op.create_table(
        "feed_confirmations",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("copy", sa.String(64), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("feed", "copy", name="pk_feed_confirmations"),
    )
    _protect(op, "feed_entries", adds="true")
    _protect(op, "feed_confirmations", adds=_ALL)


def create_feed_copy_tables(op: Any) -> None:
    """Create the tables of copies, as of their first version. op: alembic's operations."""
    op.create_table(
        "feed_copies",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.String(256), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("data", Json),
        sa.PrimaryKeyConstraint("feed", "kind", "key", name="pk_feed_copies"),
    )
    op.create_index("ix_feed_copies_feed_n", "feed_copies", ["feed", "n"])
    op.create_table(
        "feed_positions",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("fresh_until", UtcDateTime),
        sa.PrimaryKeyConstraint("feed", name="pk_feed_positions"),
    )
    _protect(op, "feed_copies", adds=_ALL)
    _protect(op, "feed_positions", adds=_ALL)


def _protect(op: Any, table: str, *, adds: str) -> None:
    """Row security: only the platform's own transactions read and change rows. adds: when a row may be added.

    feed_heads has none: a transaction of one tenant counts there, and it names nobody.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY platform_only ON {table} USING ({_ALL}) WITH CHECK ({_ALL})")
    if adds != _ALL:
        op.execute(f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({adds})")
