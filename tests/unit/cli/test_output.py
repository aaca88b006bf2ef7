"""Tables on terminals of any width."""
from __future__ import annotations

import re
from typing import Any

import pytest

from shared_components.cli import output

ID = "evt_01a2189efd157775997b981ec2cca096"
DEAD: dict[str, Any] = {
    "service": "notification", "id": ID, "reason": "retries-exhausted", "text": "the mail server has refused it [b]",
    "exchange": "payment.events", "routing_key": "payment.order-partially-refunded", "bytes": 1234,
}


def shown(rows: list[dict[str, Any]], width: int, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.print_rows(rows)
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)


@pytest.mark.parametrize("width", [60, 80, 100, 132, 200])
def test_ids_and_codes_are_whole_however_narrow_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    said = shown([DEAD, {**DEAD, "id": ID[:-1] + "7"}], width, monkeypatch, capsys)
    for value in (ID, ID[:-1] + "7", "payment.order-partially-refunded", "retries-exhausted", "notification", "1234"):
        assert value in said
    assert "…" not in said
    assert "[b]" in said
    assert max(map(len, said.splitlines())) <= width


def test_words_give_way_to_an_id(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = shown([{"id": ID, "text": "the mail server has refused it " * 9}], 60, monkeypatch, capsys)
    assert f"│ {ID} │ the mail" in said
    assert max(map(len, said.splitlines())) <= 60
    assert said.startswith("┏")


def test_what_is_wider_than_the_terminal_is_folded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    said = shown([{"id": ID, "code": "11010101"}], 30, monkeypatch, capsys)
    assert "".join(line[6:].strip() for line in said.splitlines() if not line.startswith("code")) == ID
    assert "11010101" in said
