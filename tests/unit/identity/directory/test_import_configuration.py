"""The configuration comes into the directory: keys stay valid, again nothing happens, revoked keys stay revoked."""
from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
OLD, NEW = (hashlib.sha256(key.encode()).hexdigest() for key in ("old", "new"))
SETTINGS = {
    "bus": {"app_tenants": {"app-hall": "hall", "app-amqp": "demo"}},
    "services": {
        "gateway": {"apps": [
            {"name": "app-hall", "tenant": "hall", "keys_sha256": [NEW, OLD], "methods": ["payment.*"]},
            {"name": "app-one", "tenant": "default", "key_sha256": NEW[::-1]}]},
        "matter": {"bootstrap_tenants": ["demo"]}},
}


@pytest.fixture
def imported(zhongtai: Zhongtai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "zhongtai.yaml").write_text(yaml.safe_dump(SETTINGS))
    monkeypatch.setenv("ZHONGTAI_CONFIG", str(tmp_path / "zhongtai.yaml"))
    assert zhongtai("migrate", "identity").code == 0

    def run(*arguments: str) -> dict[str, str]:
        ran = zhongtai("directory", "import-configuration", "--json", *arguments)
        assert ran.code == 0, ran.err
        return {f"{row['thing']} {row['name']}": row["result"] for row in ran.data}

    return run


def keys(zhongtai: Zhongtai, app: str) -> list[Any]:
    found: list[Any] = zhongtai("directory", "keys", "list", app, "--json").data
    return found


def test_tenants_get_departments_and_apps_keep_their_keys(zhongtai: Zhongtai, imported: Any) -> None:
    expected = {
        "realm default": "created", "department default": "present", "department demo": "added",
        "department hall": "added", "app app-hall": "added", "app app-one": "added", "app app-amqp": "added"}
    assert imported("--dry-run") == expected
    assert imported() == expected
    assert set(imported().values()) == {"present"}
    apps = {row["app"]: row for row in zhongtai("directory", "apps", "list", "--json").data}
    assert {name: (row["tenant"], row["production"], row["keys"]) for name, row in apps.items()} == {
        "app-hall": ("hall", "approved", 2), "app-one": ("default", "approved", 1), "app-amqp": ("demo", "approved", 0)}


def test_a_key_that_was_revoked_does_not_come_back(zhongtai: Zhongtai, imported: Any) -> None:
    imported()
    first = keys(zhongtai, "app-hall")[0]["key_id"]
    assert zhongtai("directory", "keys", "revoke", "app-hall", first).code == 0
    assert imported()["app app-hall"] == "present"
    assert [key["state"] for key in keys(zhongtai, "app-hall")] == ["revoked", "active"]


def test_an_import_that_was_cut_off_goes_on(zhongtai: Zhongtai, imported: Any) -> None:
    made = zhongtai("directory", "create-realm", "default", "示范市", "--department", "数据局", "--tenant", "hall")
    assert made.code == 0
    results = imported()
    assert (results["realm default"], results["department hall"], results["department default"]) == (
        "present", "present", "added")
