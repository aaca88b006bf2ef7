"""`zhongtai identity signing-keys`, as people type it."""
from __future__ import annotations

from tests.unit.cli.conftest import Ran, Zhongtai, zhongtai

__all__ = ["zhongtai"]


def test_keys_are_listed_rotated_and_revoked(zhongtai: Zhongtai) -> None:
    assert zhongtai("migrate", "identity").code == 0
    assert zhongtai("directory", "create-realm", "default", "示范市", "--department", "数据局").code == 0

    def run(*arguments: str) -> Ran:
        return zhongtai("identity", "signing-keys", *arguments, "--json")

    assert run("list").data == []
    (first,) = run("rotate").data
    assert first["use"] == "next"
    (sandbox,) = run("rotate", "--sandbox").data
    assert [key["kid"] for key in run("list").data] == [first["kid"]]
    assert [key["kid"] for key in run("list", "--sandbox").data] == [sandbox["kid"]]
    assert run("revoke", sandbox["kid"]).code == 2, "the sandbox's key is no key of the realm"
    (revoked,) = run("revoke", first["kid"]).data
    assert revoked["use"] == "revoked"
    (new,) = run("list").data
    assert (new["use"], new["kid"] != first["kid"]) == ("signs", True)
    assert run("list", "--realm", "elsewhere").code == 2


def test_no_private_key_is_shown(zhongtai: Zhongtai) -> None:
    zhongtai("migrate", "identity")
    zhongtai("directory", "create-realm", "default", "示范市", "--department", "数据局")
    ran = zhongtai("identity", "signing-keys", "rotate", "--json")
    assert set(ran.data[0]) == {"kid", "use", "created_at", "signs_from"}
