"""The benchmark itself: every kind of load works, and what it writes is what was agreed. No time decides anything."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.report import bar, verdict
from tests.benchmarks.rows import ROWS, Floor, as_result, chosen

ASKED = {
    "bus.echo.serial", "bus.echo.concurrent", "bus.echo.many_clients", "payment.create_order.serial",
    "payment.create_order.concurrent", "payment.apply_channel_notification.concurrent", "payment.reconcile",
    "event.publish_to_handled", "gateway.echo", "gateway.create_order",
    "bus.echo.workers.2", "bus.echo.workers.4", "payment.create_order.workers.2", "payment.create_order.workers.4",
}  # fmt: skip
RIVAL_KEYS = {"beside", "share"}
WITHOUT_STOCK = {
    "bus.echo.concurrent.nats", "payment.create_order.concurrent.limit_database",
    "payment.create_order.concurrent.limit_messages",
}
KEYS = {"name", "value", "unit", "baseline", "ratio", "p50_ms", "p99_ms"}


@pytest.mark.parametrize("lines", ["0", "-1", "many", "1e6"])
def test_a_number_of_lines_that_is_none_is_refused(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--only", "payment.reconcile", f"--lines={lines}"])
    assert f"'{lines}' is no number of lines" in capsys.readouterr().err


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_quick_run_measures_every_kind_of_row_and_writes_the_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--quick", "--output", str(tmp_path)],
        capture_output=True, text=True, timeout=280, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    assert {result["name"] for result in results} == {
        "bus.echo.concurrent", "bus.echo.in_flight.16", "payment.create_order.concurrent",
        "event.publish_to_handled", "gateway.echo", *WITHOUT_STOCK,
    }  # fmt: skip
    for result in results:
        assert result.keys() - RIVAL_KEYS == KEYS
        assert result["unit"] == "calls/s"
        assert result["value"] > 0
        if result["name"] in WITHOUT_STOCK:
            assert result["baseline"] is None and result["ratio"] is None
        else:
            assert result["baseline"] > 0 and result["ratio"] > 0
        assert 0 < result["p50_ms"] <= result["p99_ms"]
        assert result["name"] in done.stdout
    assert (tmp_path / "throughput.png").stat().st_size > 1000
    assert "<svg" in (tmp_path / "throughput.svg").read_text()


def test_every_row_that_was_asked_for_is_there_and_named_once() -> None:
    names = [row.name for row in ROWS]
    assert set(names) >= ASKED
    assert len(set(names)) == len(names)


def test_rows_are_chosen_by_the_beginning_of_their_names() -> None:
    assert {row.name for row in chosen("bus.echo.workers,gateway.echo")} == {
        "bus.echo.workers.2", "bus.echo.workers.4", "gateway.echo"}
    assert [row.name for row in chosen("payment.apply")] == ["payment.apply_channel_notification.concurrent"]
    assert [row.name for row in chosen("payment.reconcile")] == ["payment.reconcile"]
    assert len(chosen("")) == len(ROWS)
    assert chosen("nothing") == []


def test_an_unknown_row_is_refused_with_the_names_of_those_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--only", "nothing"],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "bus.echo.serial" in done.stderr


@pytest.mark.parametrize(("value", "said"), [
    (80.0, "met ≥ 75 ×, aim 100: not reached"), (74.9, "MISSED ≥ 75 ×, aim 100: not reached"),
    (100.0, "met ≥ 75 ×, aim 100: reached"),
])  # fmt: skip
def test_a_floor_is_told_beside_the_value(value: float, said: str) -> None:
    entry = as_result("a", {"rate": value, "p50_ms": 1, "p99_ms": 2}, {"rate": 1.0})
    assert verdict(Floor(ratio=75, aim=100), entry) == said


def test_bars_grow_with_the_value_and_show_the_baseline() -> None:
    small, large = bar(100, 10, 10_000), bar(10_000, 10, 10_000)
    assert len(small) < len(large)
    assert small.startswith("░") and small.endswith("█")
