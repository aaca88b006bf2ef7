"""The tables of the evidence log, in the schema of each service that keeps one."""
from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table

from shared_components.db import UtcDateTime
from shared_components.db.types import NAMES

_metadata = MetaData(naming_convention=NAMES)

# body: the record as it is hashed; owner, action, about and at repeat what it says, for queries.
records = Table(
    "evidence_records",
    _metadata,
    Column("record_id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("about", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Index("ix_evidence_records_owner_about", "owner", "about"),
    Index("ix_evidence_records_owner_at", "owner", "at"),
)

# refused_at: when the sealer found that the record was changed or missing.
unsealed = Table(
    "evidence_unsealed",
    _metadata,
    Column("record_id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("refused_at", UtcDateTime),
)

value_keys = Table(
    "evidence_value_keys",
    _metadata,
    Column("record_id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
)

leaves = Table(
    "evidence_leaves",
    _metadata,
    Column("owner", String(64), primary_key=True),
    Column("leaf_index", BigInteger, primary_key=True),
    Column("record_id", String(64), nullable=False, unique=True),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
)

segments = Table(
    "evidence_segments",
    _metadata,
    Column("owner", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("statement", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("key_id", String(128), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# frontier: the hashes of merkle.Frontier, one after the other.
heads = Table(
    "evidence_heads",
    _metadata,
    Column("owner", String(64), primary_key=True),
    Column("segments", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)


def include_evidence_tables(metadata: MetaData) -> None:
    """Add the tables to a service's models, so that a comparison with its migrations knows them."""
    for table in _metadata.sorted_tables:
        table.to_metadata(metadata)
