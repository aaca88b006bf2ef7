"""The table of definitions."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, OrderedJson, UtcDateTime


class DefinitionRow(Base):
    """Never changed: a case runs the version it began with."""

    __tablename__ = "definitions"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    matter_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(OrderedJson)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
