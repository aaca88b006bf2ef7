"""`zhongtai directory …` for officers, apps and keys, as people type it."""
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.cli.conftest import Ran, Zhongtai, zhongtai

__all__ = ["zhongtai"]


@pytest.fixture
def run(zhongtai: Zhongtai) -> Any:
    """Runs `zhongtai directory … --json` on a database with a realm and a department TAX."""
    assert zhongtai("migrate", "identity").code == 0

    def run(*arguments: str) -> Ran:
        return zhongtai("directory", *arguments, "--json")

    assert run("create-realm", "default", "示范市", "--department", "数据局").code == 0
    assert run("add", "税务局", "--code", "TAX").code == 0
    return run


def test_an_app_from_its_registration_to_its_end(run: Any) -> None:
    registered = run("apps", "register", "app-tax", "办税", "--department", "TAX", "--scope", "payment.*")
    issued = registered.data[0]
    assert "keys issue app-tax sandbox" in registered.err
    assert f"keys revoke app-tax {issued['key_id']}" in registered.err
    assert issued["key"] not in registered.err
    assert issued["key"].startswith("zts_")
    assert run("keys", "issue", "app-tax", "production").code == 1
    assert run("apps", "request", "app-tax", "--officer", "sub_x").data[0]["production"] == "requested"
    refused = run("apps", "decide", "app-tax", "--officer", "sub_x", "--approve", "--reason", "好")
    assert refused.code == 1 and "identity.decision-not-allowed" in refused.err
    (key,) = run("keys", "list", "app-tax").data
    assert issued["key"] not in str(key)
    assert run("keys", "revoke", "app-tax", key["key_id"]).data[0]["state"] == "revoked"
    assert run("apps", "freeze", "app-tax").data[0]["state"] == "frozen"
    assert run("apps", "unfreeze", "app-tax").data[0]["state"] == "active"
    assert run("apps", "close", "app-tax").data[0]["state"] == "closed"
    assert [app["app"] for app in run("apps", "list", "--department", "TAX").data] == ["app-tax"]


def test_the_tree_is_changed_and_told(run: Any) -> None:
    run("add", "第一分局", "--code", "TAX1", "--below", "TAX")
    run("rename", "TAX1", "一分局")
    run("move", "TAX1", "--root")
    department = run("show", "TAX1").data
    assert (department["name"], department["parent_id"]) == ("一分局", None)
    assert department["tenants"] == [department["tenant"]]
    told = [change["what"] for change in run("history", department["department_id"]).data]
    assert told == ["department-moved", "department-renamed", "department-added"]
    assert run("merge", "TAX1", "TAX").data[0]["state"] == "merged"
    assert run("close", "TAX").data[0]["state"] == "closed"


def test_ids_of_a_sector_are_told_and_read_back(zhongtai: Zhongtai) -> None:
    subject = "sub_" + "0a" * 16
    (told,) = zhongtai("identity", "pairwise-ids", "tax", subject, "--json").data
    assert told["subject_id"] == subject and told["pairwise_id"].startswith("psub_")
    read = zhongtai("identity", "pairwise-ids", "tax", told["pairwise_id"], "--json")
    assert (read.code, read.data) == (0, [told])
    strange = zhongtai("identity", "pairwise-ids", "health", told["pairwise_id"], "--json")
    assert (strange.code, strange.data[0]["subject_id"]) == (1, "unknown")


@pytest.mark.parametrize(("arguments", "said"), [
    (("close", "NOPE"), "no department has the id or code 'NOPE'"),
    (("move", "TAX"), "either --below or --root is needed"),
    (("officers", "add", "TAX", "sub_x", "--role", "king"), "king"),
    (("officers", "add", "TAX", "sub_x", "--role", "handler"), "no active person"),
    (("officers", "add", "TAX", "sub_x", "--role", "handler", "--until", "soon"), "is no day"),
    (("create-realm", "a b", "x", "--department", "y"), "is no tenant id"),
    (("apps", "register", "tax", "办税", "--department", "TAX"), "app- and then"),
    (("add", "局", "--code", "a b"), "code"),
    (("tree", "--realm", "elsewhere"), "belongs to no realm"),
])
def test_wrong_use_is_told_in_one_line(run: Any, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.err.count("\n") == 1 and said in ran.err, ran.err


def test_officers_of_a_department_are_listed(run: Any) -> None:
    assert run("officers", "list", "--department", "TAX").data == []
    assert run("officers", "end", "mbr_x").code == 2
