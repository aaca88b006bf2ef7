"""The platform's own tables, in every service's schema: operations, outbox, inbox, leases."""
from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table

from shared_components.db.types import NAMES, Json, UtcDateTime

platform = MetaData(naming_convention=NAMES)

operations = Table(
    "operations",
    platform,
    Column("caller", String(64), primary_key=True),
    Column("subject", String(64), primary_key=True, server_default=""),
    Column("principal", String(64), primary_key=True, server_default=""),
    Column("op_id", String(128), primary_key=True),
    Column("method", String(64), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

outbox = Table(
    "outbox",
    platform,
    Column("event_id", String(64), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("aggregate", String(128), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("tenant_id", String(64), nullable=False),
    Column("data", Json, nullable=False),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("traceparent", String(64)),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("claimed_until", UtcDateTime),
    # who publishes an event asks whether an earlier one of its aggregate still waits
    Index("ix_outbox_aggregate_sequence", "aggregate", "sequence"),
)

inbox = Table(
    "inbox",
    platform,
    Column("consumer", String(128), primary_key=True),
    Column("event_id", String(64), primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False, index=True),
)

leases = Table(
    "leases",
    platform,
    Column("name", String(128), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
