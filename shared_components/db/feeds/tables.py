"""Tables of a feed: three at its producer, two at each service that keeps a copy."""
from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

from shared_components.db.types import NAMES, Json, UtcDateTime

_produced = MetaData(naming_convention=NAMES)
copy_metadata = MetaData(naming_convention=NAMES)
"""The tables of copies. Every service has them."""

heads = Table(
    "feed_heads", _produced,
    Column("feed", String(64), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)

# digest: of this entry and all before it. data is null where the key was removed.
entries = Table(
    "feed_entries", _produced,
    Column("feed", String(64), primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("key", String(256), nullable=False),
    Column("data", Json),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_feed_entries_feed_kind_key", "feed", "kind", "key"),
)

confirmations = Table(
    "feed_confirmations", _produced,
    Column("feed", String(64), primary_key=True),
    Column("copy", String(64), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
)

copied = Table(
    "feed_copies", copy_metadata,
    Column("feed", String(64), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("key", String(256), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("data", Json),
    Index("ix_feed_copies_feed_n", "feed", "n"),
)

# generation: counts how often the copy was thrown away and read anew.
positions = Table(
    "feed_positions", copy_metadata,
    Column("feed", String(64), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("fresh_until", UtcDateTime),
)


def include_feed_tables(metadata: MetaData) -> None:
    """Add the producer's tables to a service's models."""
    for table in _produced.sorted_tables:
        table.to_metadata(metadata)
