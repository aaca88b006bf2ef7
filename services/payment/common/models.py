"""Tables that several topics share."""
from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, metadata_of
from shared_components.db.subject_aliases import include_alias_table
from shared_components.evidence_log import include_evidence_tables

include_evidence_tables(metadata_of("payment"))
include_alias_table(metadata_of("payment"))


class SerialCounterRow(Base):
    """Where blocks of serial numbers are handed out (缴款码); of no tenant."""

    __tablename__ = "serial_counters"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_serial: Mapped[int] = mapped_column(BigInteger)
