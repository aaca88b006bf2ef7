"""Migrations run once, and the platform's tables are what the code believes."""
from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Database, DatabaseSettingsError, enable_tenant_isolation, migrate, pending
from shared_components.db.tables import platform


def test_migrations_run_once(url: str, notes_package: str) -> None:
    assert pending(url, "notes", package=notes_package) == ["0001"]
    assert migrate(url, "notes", package=notes_package) == ["0001"]
    assert migrate(url, "notes", package=notes_package) == []
    assert pending(url, "notes", package=notes_package) == []


def test_the_first_migration_makes_the_platform_tables_as_the_code_has_them(database: Database) -> None:
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), platform)
    others = [change for change in found if change[0] not in ("remove_table", "remove_index")]
    assert others == []


@pytest.mark.parametrize("package", ["services.no_such_service", "json"])
def test_a_service_without_migrations_is_named(url: str, package: str) -> None:
    with pytest.raises(DatabaseSettingsError, match="ghost"):
        migrate(url, "ghost", package=package)


def test_row_security_takes_only_a_table_name() -> None:
    with pytest.raises(ValueError, match="only lowercase"):
        enable_tenant_isolation(None, "notes; DROP TABLE notes")


def test_two_services_may_have_a_table_of_the_same_name() -> None:
    def model(module: str) -> MetaData:
        body = {"__module__": module, "__tablename__": "templates", "id": mapped_column(String(40), primary_key=True)}
        made: type[Base] = type("Template", (Base,), {**body, "__annotations__": {"id": Mapped[str]}})
        return made.metadata

    one, other = model("services.one.models"), model("services.other.models")
    assert one is not other
    assert set(one.tables) == set(other.tables) == {"templates"}
