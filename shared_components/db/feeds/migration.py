"""The tables of feeds, for a migration of a service that produces or copies one."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from shared_components.db.types import Json, UtcDateTime


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
    op.create_table(
        "feed_confirmations",
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("copy", sa.String(64), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("feed", "copy", name="pk_feed_confirmations"),
    )


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
