"""The configuration comes into the directory: keys stay valid, again nothing happens, revoked keys stay revoked."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.identity.commands import import_configuration as command
from services.identity.directory.usecases.import_configuration import Imported, Part, import_part
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
FIRST_TIME = ["created", "present", "added", "added", "added", "added", "added"]


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


def test_it_goes_on_where_a_realm_was_made_by_hand(zhongtai: Zhongtai, imported: Any) -> None:
    made = zhongtai("directory", "create-realm", "default", "示范市", "--department", "数据局", "--tenant", "hall")
    assert made.code == 0
    results = imported()
    assert (results["realm default"], results["department hall"], results["department default"]) == (
        "present", "present", "added")


@pytest.mark.parametrize("done", range(7))
def test_an_import_that_was_stopped_goes_on(
    zhongtai: Zhongtai, imported: Any, monkeypatch: pytest.MonkeyPatch, done: int,
) -> None:
    """The process ends in the middle of a part, after its statements and before their commit."""
    with monkeypatch.context() as patched:
        patched.setattr(command, "import_part", stopped_after(done))
        with pytest.raises(Stopped):
            imported()
    results = list(imported().values())
    # The first department comes with the realm.
    there = max(done, 2) if done else 0
    assert results == ["present"] * there + FIRST_TIME[there:]
    assert set(imported().values()) == {"present"}
    assert len(keys(zhongtai, "app-hall")) == 2


def test_what_is_refused_does_not_hold_up_the_rest(
    zhongtai: Zhongtai, imported: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    zhongtai("directory", "create-realm", "other", "别市", "--department", "数据局")
    zhongtai("directory", "add", "局", "--realm", "other", "--tenant", "hall")
    zhongtai("directory", "add", "丙", "--realm", "other", "--code", "X")
    # The app is there from before the configuration named it.
    monkeypatch.delenv("ZHONGTAI_CONFIG")
    assert zhongtai("directory", "apps", "register", "app-one", "甲", "--department", "X", "--realm", "other").code == 0
    monkeypatch.setenv("ZHONGTAI_CONFIG", str(tmp_path / "zhongtai.yaml"))
    for arguments in (("--dry-run",), (), ()):
        ran = zhongtai("directory", "import-configuration", "--json", *arguments)
        refused = {f"{row['thing']} {row['name']}" for row in ran.data if row["result"].endswith("refused")}
        assert (ran.code, refused) == (1, {"department hall", "app app-hall", "app app-one"})
    assert [row["app"] for row in zhongtai("directory", "apps", "list", "--json").data] == ["app-amqp"]


class Stopped(BaseException):
    """The end of the process."""


def stopped_after(done: int) -> Callable[..., Any]:
    """Runs so many parts, and stops within the next one."""
    left = iter(range(done))

    def run(begin: Any, part: Part) -> Imported:
        if next(left, None) is not None:
            return import_part(begin, part)
        with begin() as tx:
            part.run(tx)
            raise Stopped

    return run
