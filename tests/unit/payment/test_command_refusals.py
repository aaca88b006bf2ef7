"""`zhongtai payment …` used wrongly: one line that says what, where and what is allowed; never a traceback."""
from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.payment.commands import statements
from tests.unit.cli.conftest import Ran, Zhongtai, zhongtai
from tests.unit.payment.test_commands import payment

__all__ = ["payment", "zhongtai"]
IMPORT = ("statement", "import")
OF_DAY = ("--channel", "sandbox", "--date", "2025-06-02")
CHANNELS = "'nobody' is no channel; there are sandbox, wechat, alipay"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("hello\nworld\n")
    (tmp_path / "binary").write_bytes(bytes(reversed(range(256))) * 12)
    (tmp_path / "utf16").write_bytes("#zhongtai-statement,1,2025-06-02\n".encode("utf-16"))
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def is_one_line(ran: Ran, code: int, said: str) -> None:
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1), ran
    assert said in ran.err
    assert "Traceback" not in ran.err and "unexpected error" not in ran.err


@pytest.mark.parametrize(("file", "code", "said"), [
    ("folder", 2, "file 'folder' cannot be read: Is a directory"),
    ("nowhere", 2, "file 'nowhere' cannot be read: No such file or directory"),
    ("text/x", 2, "file 'text/x' cannot be read: Not a directory"),
    ("", 2, "is empty; a value is allowed"),
    ("empty", 2, "file 'empty' is empty; a channel's statement is allowed"),
    ("pipe", 2, "file 'pipe' cannot be read twice; a file on a disk is allowed"),
    ("/dev/null", 2, "file '/dev/null' cannot be read twice; a file on a disk is allowed"),
    ("x" * 300, 2, "cannot be read: File name too long"),
    ("text", 1, "line 1, column 'title' cannot be read; #zhongtai-statement,1 and the day is allowed"),
    ("binary", 1, "line 1, column 'all' cannot be read; text in UTF-8 or GBK is allowed"),
    ("utf16", 1, "line 1, column 'all' cannot be read; text in UTF-8 or GBK is allowed"),
])
def test_a_file_that_is_no_statement(payment: Any, files: Path, file: str, code: int, said: str) -> None:
    is_one_line(payment(*IMPORT, file, *OF_DAY), code, said)


def test_a_file_that_may_not_be_read(payment: Any, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as root, who may read everything."""
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    is_one_line(payment(*IMPORT, "text", *OF_DAY), 2, "file 'text' cannot be read: Permission denied")


@pytest.mark.parametrize(("arguments", "said"), [
    ((*IMPORT, "text", "--channel", "nobody", "--date", "2025-06-02"), CHANNELS),
    ((*IMPORT, "text", "--channel", "", "--date", "2025-06-02"), "option --channel is empty; a value is allowed"),
    (("statement", "fetch", "x", "--channel", "nobody", "--date", "2025-06-02"), CHANNELS),
    (("statement", "list", "--channel", "nobody"), CHANNELS),
    (("reconcile", "2025-06-02", "--channel", "nobody"), CHANNELS),
    (("differences", "--channel", "nobody"), CHANNELS),
    ((*IMPORT, "text", "--channel", "sandbox", "--date", "2025-02-30"), "'2025-02-30' is no day; one such as"),
    (("reconcile", "20250602"), "'20250602' is no day; one such as 2025-06-02 is allowed"),
    (("settlement", "2025-13-01"), "'2025-13-01' is no day; one such as 2025-06-02 is allowed"),
    (("reconcile", "2025-06-02", "--ask", "-1"), "--ask"),
    (("ledger", "balance", "--currency", "cny"), "'cny' is no currency; three capital letters such as CNY are allowed"),
    (("settlement", "2025-06-02", "--currency", "€"), "'€' is no currency"),
    (("settlement", "2025-06-02", "--csv", "folder"), "file 'folder' cannot be written: Is a directory"),
    (("settlement", "2025-06-02", "--csv", "nowhere/x.csv"), "file 'nowhere/x.csv' cannot be written: No such file"),
    (("settlement", "2025-06-02", "--csv", ""), "is empty; a value is allowed"),
    (("statement", "fetch", "folder", *OF_DAY), "file 'folder' cannot be written: Is a directory"),
    (("resolve", "sandbox/payment/1", "--note", ""), "option --note is empty; a value is allowed"),
    (("resolve", "sandbox/payment/1", "--note", " \t"), "is no text; 1 to 500 characters are allowed"),
    (("resolve", "sandbox/payment/1", "--note", "x" * 501), "is 501 characters long; 1 to 500 are allowed"),
    (("resolve", "sandbox/payment/1", "--note", "x", "--by", ""), "option --by is empty; a value is allowed"),
    (("resolve", "", "--note", "x"), "an argument is empty; a value is allowed"),
    (("ledger", "balance", "--tenant", ""), "option --tenant is empty; a value is allowed"),
    (("statement", "list", "--tenant", "a b"), "'a b' is no tenant"),
    (("statement", "fetch", "x", "--channel", "unionpay", "--date", "2025-06-02"), "'unionpay' is not built in this"),
    (("statement", "fetch", "x", *OF_DAY),
     "channel 'sandbox' has no settings; configured are: none; services.payment.sandbox needs"),
    (("resolve", "\udcff", "--note", "x"), "'\\udcff' is no text; text in UTF-8 is allowed"),
    (("differences", "--after", "\udcff"), "'\\udcff' is no text; text in UTF-8 is allowed"),
    (("nothing",), "no command 'nothing'; commands are: differences, graph, ledger, reconcile,"),
    (("reconcil", "2025-06-02"), "no command 'reconcil'; did you mean 'reconcile'?"),
    (("ledger", "balances"), "no command 'balances'; did you mean 'balance'?"),
    (("ledger", "close"), "Missing argument 'DATE'"),
    (("ledger", "close", "today"), "'today' is no day; one such as 2025-06-02 is allowed"),
    (("ledger", "close", "2999-01-01"), "business_day is 2999-01-01, which ends at 24:00 in China (UTC+8); the newest"),
    (("statement", "exprt"), "no command 'exprt'; commands are: fetch, import, list"),
    (("graph", "ordre"), "service 'payment' has no state machine 'ordre'; it has:"),
])
def test_wrong_use_is_told_with_what_is_allowed(
    payment: Any, files: Path, arguments: tuple[str, ...], said: str,
) -> None:
    is_one_line(payment(*arguments), 2, said)


@pytest.mark.parametrize("arguments", [
    (*IMPORT, "folder", *OF_DAY), (*IMPORT, "text", *OF_DAY), ("statement", "fetch", "x", *OF_DAY),
    ("statement", "list", "--limit", "0"), ("reconcile", "2025-06-02"), ("differences", "--date", "x"),
    ("resolve", "sandbox/payment/1", "--note", "x"), ("ledger", "balance", "--currency", "x"),
    ("settlement", "2999-01-01"), ("graph", "x"),
])
def test_a_program_reads_why_as_json(payment: Any, files: Path, arguments: tuple[str, ...]) -> None:
    ran = payment(*arguments, "--json")
    assert ran.code in (1, 2)
    error = json.loads(ran.err)["error"]
    assert set(error) == {"code", "message", "details"} and error["code"] and error["message"]


def test_a_folder_is_seen_before_the_channel_is_asked(
    payment: Any, files: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def fetch(*given: object, **_: object) -> bytes:
        asked.append(given)
        return b"x"

    monkeypatch.setattr(statements, "fetch_statement", fetch)
    assert payment("statement", "fetch", "folder", *OF_DAY).code == 2
    assert asked == []
    ran = payment("statement", "fetch", "day.csv", *OF_DAY, "--json")
    assert (ran.code, ran.data) == (0, {"file": "day.csv", "channel": "sandbox", "date": "2025-06-02", "bytes": 1})
    assert (files / "day.csv").read_bytes() == b"x"


def test_a_full_disk_is_one_line(payment: Any, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "fetch_statement", lambda *_, **__: b"x" * 100_000)
    is_one_line(payment("statement", "fetch", "/dev/full", *OF_DAY), 2, "file '/dev/full' cannot be written: No space")
    is_one_line(payment("settlement", "2025-06-02", "--csv", "/dev/full"), 2, "cannot be written: No space left")


@pytest.mark.parametrize("arguments", [("ledger", "balance"), ("ledger", "balance", "--json"), ("graph",)])
def test_an_output_that_cannot_be_written_is_one_line(
    payment: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        is_one_line(payment(*arguments), 1, "output cannot be written: No space left on device")
    monkeypatch.setattr("sys.stdout", None)
    is_one_line(payment(*arguments), 1, "output cannot be written: Bad file descriptor")


def test_payments_graph_is_that_of_the_platforms_command(payment: Any, zhongtai: Zhongtai) -> None:
    same: Callable[..., str] = lambda *more: zhongtai("graph", "payment", *more).out  # noqa: E731
    assert payment("graph").out == same() != ""
    assert payment("graph", "order").out == same("order")
    assert payment("graph", "order", "--json").data == json.loads(same("order", "--json"))
