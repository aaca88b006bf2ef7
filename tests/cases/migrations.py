"""A database as an earlier version left it."""
from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, text

from shared_components.db import ALL_TENANTS, Database


def run_sql(url: str, service: str, *statements: str) -> list[Any]:
    """Run statements over all tenants; the rows of the last one."""
    database = Database(url, service)
    try:
        with database.transaction(ALL_TENANTS) as session:
            for statement in statements:
                found = cast(CursorResult[Any], session.execute(text(statement)))
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        database.dispose()
