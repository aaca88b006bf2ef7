"""Rows of other departments that PostgreSQL lets a transaction read, as their holder has shown them to its caller."""
from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session


def let_see(session: Session, what: Literal["codes", "shown"], names: Collection[str]) -> None:
    """Name the codes, or the licences, for the rest of the transaction. names: without commas."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT set_config('zhongtai.{what}', :names, true)"), {"names": ",".join(sorted(names))})
