"""A SQLite database with the platform's tables, made by a real migration."""
from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate

FIRST = '''
"""A table of notes beside the platform's."""
import sqlalchemy as sa
from alembic import op
from shared_components.db import create_platform_tables, enable_tenant_isolation, key_operations_by_person

revision, down_revision = "0001", None

def upgrade():
    create_platform_tables(op)
    key_operations_by_person(op)
    op.create_table("notes", sa.Column("id", sa.String(40), primary_key=True),
                    sa.Column("tenant_id", sa.String(64), nullable=False), sa.Column("body", sa.String(200)))
    enable_tenant_isolation(op, "notes")
'''


def make_package(folder: Path, name: str) -> str:
    """A package with one migration, importable by its name."""
    versions = folder / name / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / name / "__init__.py").write_text("")
    (versions / "0001_initial.py").write_text(textwrap.dedent(FIRST))
    sys.path.insert(0, str(folder))
    return name


@pytest.fixture(scope="session")
def notes_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("packages")
    yield make_package(folder, "notes_for_tests")
    sys.path.remove(str(folder))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/zhongtai.db"


@pytest.fixture
def database(url: str, notes_package: str) -> Iterator[Database]:
    migrate(url, "notes", package=notes_package)
    database = Database(url, "notes", lock_timeout_s=0.3)
    yield database
    database.dispose()
