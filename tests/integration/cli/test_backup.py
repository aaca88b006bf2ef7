"""`zhongtai backup` and `restore`: every row of every service comes back, and what is not whole is refused."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shared_components.db import migrate
from shared_components.devstack import binaries
from shared_components.devstack.postgresql import SUPERUSER, PrivatePostgreSQL
from shared_components.devstack.servers import PostgreSQL
from tests.unit.cli.conftest import Ran, Zhongtai

pytestmark = pytest.mark.integration


@pytest.fixture
def admin(postgres: PostgreSQL, postgres_url: str, zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch,
          ) -> Callable[..., Ran]:
    """Runs a command as the superuser of a database with a table, which row-level security covers."""
    if not isinstance(postgres, PrivatePostgreSQL):
        pytest.skip("a superuser is needed")
    name = make_url(postgres_url).database or ""
    migrate(postgres_url, "notification")
    postgres.execute("CREATE TABLE notification.probe (id int PRIMARY KEY, word text)", database=name)
    postgres.execute("INSERT INTO notification.probe SELECT n, '词' || n FROM generate_series(1, 500) n", database=name)
    monkeypatch.setenv("PATH", str(binaries.postgresql_folder()), prepend=":")
    monkeypatch.setenv("ZHONGTAI_ADMIN_DATABASE_URL", postgres.url_for(name, role=SUPERUSER))
    return zhongtai


def test_a_backup_is_checked_by_restoring_it(admin: Zhongtai, postgres: PrivatePostgreSQL, tmp_path: Path) -> None:
    made = admin("backup", str(tmp_path / "b"), "--json")
    assert made.code == 0, made.err
    assert made.data[0]["rows"] >= 500
    before = postgres.execute("SELECT count(*) FROM pg_database")
    checked = admin("restore", str(tmp_path / "b"), "--check", "--json")
    assert (checked.code, checked.data[0]["state"]) == (0, "whole"), checked.err
    assert (checked.data[0]["rows"], checked.data[0]["tables"]) == (made.data[0]["rows"], made.data[0]["tables"])
    assert checked.data[0]["recovery_s"] > 0
    assert postgres.execute("SELECT count(*) FROM pg_database") == before, "its database was dropped"


def test_a_database_with_tables_is_never_overwritten(admin: Zhongtai, tmp_path: Path) -> None:
    assert admin("backup", str(tmp_path / "b")).code == 0
    ran = admin("restore", str(tmp_path / "b"))
    said = "tables; an empty one is allowed, or --check [cli.database-not-empty]"
    assert (ran.code, ran.err.count("\n"), said in ran.err) == (2, 1, True), ran.err
    again = admin("backup", str(tmp_path / "b"))
    assert (again.code, "is not empty; a new folder is allowed" in again.err) == (2, True)


def test_what_is_not_whole_is_refused_in_one_line(admin: Zhongtai, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    assert admin("backup", str(folder)).code == 0
    dump, manifest = folder / "database.dump", folder / "manifest.json"
    whole, told = dump.read_bytes(), manifest.read_text()
    changed = json.loads(told)
    changed["tables"]["notification.probe"]["rows"] = 501

    def refused() -> str:
        ran = admin("restore", str(folder), "--check")
        assert (ran.code, ran.err.count("\n"), "[cli.backup-not-whole]" in ran.err) == (1, 1, True), ran.err
        return ran.err

    dump.write_bytes(whole[:-10])
    assert "database.dump was cut or changed" in refused()
    dump.unlink()
    assert "its database.dump is missing" in refused()
    dump.write_bytes(whole)
    manifest.write_text(json.dumps(changed))
    assert "1 tables differ after the restoration: notification.probe" in refused()
    manifest.write_text("{}")
    assert "its manifest.json is malformed" in refused()
    manifest.unlink()
    assert "its manifest.json cannot be read" in refused()


def test_the_platforms_own_user_cannot_back_up(
    admin: Zhongtai, postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    monkeypatch.setenv("ZHONGTAI_ADMIN_DATABASE_URL", postgres_url)
    ran = admin("backup", str(tmp_path / "b"))
    assert (ran.code, "does not see all rows, because of row-level security" in ran.err) == (1, True), ran.err
    for text, said in (("", "is not set; the address of"), ("sqlite:///x", "is no address of a PostgreSQL")):
        monkeypatch.setenv("ZHONGTAI_ADMIN_DATABASE_URL", text)
        ran = admin("backup", str(tmp_path / "c"))
        assert (ran.code, said in ran.err) == (2, True), ran.err
