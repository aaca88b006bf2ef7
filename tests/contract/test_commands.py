"""`zhongtai contracts`: good and wrong use, as a person and as a program see it."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared_components.contracts.store import FILE, RELEASED
from shared_components.runtime.discovery import service_folder, service_names
from tests.unit.cli.conftest import Zhongtai, zhongtai

__all__ = ["zhongtai"]
PAYMENT = (service_folder("payment") / FILE).read_text(encoding="utf-8")


@pytest.fixture
def edited(tmp_path: Path) -> Any:
    """edited(name, change): payment's contract with a change; gives the file's path."""
    def write(name: str, change: Any) -> str:
        contract = json.loads(PAYMENT)
        change(contract)
        (tmp_path / name).write_text(json.dumps(contract), encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_all_contracts_are_current_also_for_a_program(zhongtai: Zhongtai) -> None:
    ran = zhongtai("contracts", "check", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert {row["service"]: row["state"] for row in ran.data} == dict.fromkeys(service_names(), "current")
    assert zhongtai("contracts", "check", "payment").out == "contract of 'payment' is current\n"


def test_an_export_leaves_the_released_baseline_alone(zhongtai: Zhongtai) -> None:
    baseline = service_folder("payment") / RELEASED
    before = baseline.stat().st_mtime_ns, baseline.read_bytes()
    assert zhongtai("contracts", "export", "payment").code == 0
    assert (baseline.stat().st_mtime_ns, baseline.read_bytes()) == before


@pytest.mark.parametrize("command", ["export", "check", "release"])
def test_an_unknown_service_is_wrong_use(zhongtai: Zhongtai, command: str) -> None:
    ran = zhongtai("contracts", command, "paymnet")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "paymnet" in ran.err and "payment" in ran.err


def test_a_break_is_shown_with_whom_it_breaks(zhongtai: Zhongtai, edited: Any) -> None:
    old = edited("old.json", lambda c: None)
    new = edited("new.json", lambda c: c["methods"]["create_order"]["callers"].remove("matter"))
    ran = zhongtai("contracts", "diff", old, new)
    assert ran.code == 1
    assert "method create_order, callers" in ran.out and "'matter' is refused" in ran.out
    assert zhongtai("contracts", "diff", new, old).code == 0
    raised = edited("raised.json", lambda c: (c.update(version="99.0"), c["methods"].pop("create_order")))
    ran = zhongtai("contracts", "diff", old, raised, "--json")
    assert ran.code == 0 and any(row["breaking"] for row in ran.data)
    back = edited("back.json", lambda c: c.update(version="0.1"))
    assert zhongtai("contracts", "diff", old, back).code == 1


@pytest.mark.parametrize(("text", "said"), [
    (None, "cannot be read"), ("{", "is not JSON"), ("[]", "has no service"),
    (json.dumps({**json.loads(PAYMENT), "version": "two"}), "major.minor is allowed"),
], ids=["missing", "no JSON", "no contract", "no version"])
def test_a_file_that_is_no_contract_is_one_line_and_no_traceback(
    zhongtai: Zhongtai, edited: Any, tmp_path: Path, text: str | None, said: str,
) -> None:
    if text is not None:
        (tmp_path / "wrong.json").write_text(text)
    ran = zhongtai("contracts", "diff", edited("old.json", lambda c: None), "wrong.json")
    assert ran.code in (1, 2) and ran.err.count("\n") == 1 and said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [(), ("diff",), ("diff", "one.json"), ("exprot",), ("check", "--jsno")])
def test_a_wrong_command_line_is_exit_code_2(zhongtai: Zhongtai, arguments: tuple[str, ...]) -> None:
    ran = zhongtai("contracts", *arguments)
    assert ran.code == 2 and "Traceback" not in ran.err
