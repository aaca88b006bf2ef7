"""Column types and the base of every service's models."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")
"""JSON values; JSONB on PostgreSQL, which keeps no order of keys."""

OrderedJson = JSON()
"""JSON values whose keys keep the order in which they were written, as what people wrote and read must."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in, aware UTC times out; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("time for the database is naive; only aware times are allowed")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone; what was bound was UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_metadata: dict[str, MetaData] = {}


def metadata_of(service: str) -> MetaData:
    """The tables of one service; two services may each have a table of the same name."""
    return _metadata.setdefault(service, MetaData(naming_convention=NAMES))


class Base(DeclarativeBase):
    """The base of `services/<service>/models.py`; the module's name says which service's tables they are."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        parts = cls.__module__.split(".")
        cls.metadata = metadata_of(parts[1] if parts[0] == "services" and len(parts) > 1 else cls.__module__)
        super().__init_subclass__(**kwargs)


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for Core statements."""
    return cast(Table, model.__table__)
