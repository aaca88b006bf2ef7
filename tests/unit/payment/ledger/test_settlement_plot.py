"""The picture of a settlement: what stands in it, and that it holds whatever a day brings."""
from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from services.payment.ledger.adapters.settlement_plot import plot
from services.payment.ledger.adapters.settlement_plot.sheet import ticks
from services.payment.ledger.usecases.settlement import SUMS
from tests.unit.cli.conftest import Ran, zhongtai
from tests.unit.payment.test_command_refusals import is_one_line
from tests.unit.payment.test_commands import payment

__all__ = ["payment", "zhongtai"]
FIRST = date(2025, 6, 1)
SVG = "{http://www.w3.org/2000/svg}"


def unit(code: str, paid: int, refunded: int = 0) -> dict[str, Any]:
    return {"collecting_unit": code, "paid_count": 1, "paid_minor": paid, "refund_count": 1, "other_minor": 0,
            "refunded_minor": refunded, "net_minor": paid - refunded}


def report(*units: dict[str, Any], day: int = 0, final: bool = True, currency: str = "CNY") -> dict[str, Any]:
    return {"business_day": FIRST + timedelta(days=day), "currency": currency, "final": final, "units": list(units),
            **{name: sum(unit[name] for unit in units) for name in SUMS}}


def drawn(*reports: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(plot(reports, ".svg").decode())  # noqa: S314 - our own


def texts(*reports: dict[str, Any]) -> list[str]:
    found = drawn(*reports).iter(f"{SVG}text")
    return [element.text or "" for element in found]


def bars(*reports: dict[str, Any]) -> list[tuple[float, float]]:
    """Width and height of every rectangle but the frame and the ground."""
    found = drawn(*reports).iter(f"{SVG}rect")
    return [(float(one.get("width", 0)), float(one.get("height", 0))) for one in found][2:]


def test_a_day_has_a_row_a_unit_in_yuan_with_its_sums() -> None:
    shown = texts(report(unit("UNIT-A", 123_456, 3_456), unit("UNIT-B", 99)))
    assert "执收单位结算　2025-06-01" in shown
    assert any("缴款 1,235.55 元（2 笔）" in text and "退款 34.56 元" in text and "应划 1,200.99 元" in text
               for text in shown)
    assert {"UNIT-A", "UNIT-B", "1,200.00", "0.99", "缴款", "退款", "应划", "应划（元）"} <= set(shown)
    assert any(text.startswith("金额（元）") for text in shown)


def test_bars_are_as_long_as_the_amounts() -> None:
    legend = 2
    paid_a, back_a, paid_b, back_b = (
        width for width, _ in bars(report(unit("A", 40_000, 10_000), unit("B", 20_000, 0)))[legend:])
    assert paid_a == pytest.approx(2 * paid_b, rel=0.01) == pytest.approx(4 * back_a, rel=0.01)
    assert back_b == 0


def test_days_stand_side_by_side_and_the_open_ones_are_marked() -> None:
    shown = texts(report(unit("A", 100)), report(unit("B", 100, 50), day=1, final=False), report(day=2))
    assert "执收单位结算　2025-06-01 至 2025-06-03" in shown
    assert {"06-01", "06-02*", "06-03", "A", "B", "应划合计", "营业日（次日结算）"} <= set(shown)
    assert shown[-1] == "* 尚未日结，数字可能变化。"


def test_without_any_payment_there_is_one_zero_line_and_no_scale() -> None:
    for reports, said in ([report()], "当日无缴款、退款"), ([report(), report(day=1)], "期间无缴款、退款"):
        shown = texts(*reports)
        assert said in shown
        assert [text for text in shown if re.fullmatch(r"[\d,.]+", text)] == ["0"]


def test_columns_are_as_high_as_the_amounts() -> None:
    (_, first), (_, second), (_, back) = [
        (width, height) for width, height in bars(report(unit("A", 100_000)), report(unit("A", 50_000, 25_000), day=1))
        if height != 14]
    assert first == pytest.approx(2 * second, rel=0.01) == pytest.approx(4 * back, rel=0.01)


def test_many_units_leave_the_small_ones_together() -> None:
    many = [unit(f"U{number:03}", 1000 * (number + 1)) for number in range(60)]
    day = texts(report(*many))
    assert "U059" in day and "U000" not in day and "其余 36 个单位" in day
    days = texts(report(*many), report(*many, day=1))
    assert "其余单位" in days and "U059" in days and "U000" not in days


@pytest.mark.parametrize("reports", [
    [report()], [report(), report(day=1)], [report(unit("A", 0, 5))], [report(unit("A", 1))],
    [report(unit("A", 10**14, 10**13))], [report(unit("A", 0, 10**12)), report(unit("A", 5), day=1)],
    [report(unit("A", 100, 90), day=number) for number in range(92)],
    [report(unit("<b>&\"中", 7), currency="USD")],
])
@pytest.mark.parametrize("kind", [".svg", ".pdf"])
def test_whatever_a_day_brings_is_drawn_the_same_every_time(reports: list[dict[str, Any]], kind: str) -> None:
    content = plot(reports, kind)
    if kind == ".pdf":
        assert content.startswith(b"%PDF")
    else:
        assert plot(reports, kind) == content
        numbers = [float(found) for found in re.findall(r' (?:x|y|width|height)="([^"]+)"', content.decode())]
        assert all(-1 <= number <= 5000 for number in numbers)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 1), (-5, 3), (-10**13, 10**14), (0, 999_999), (-101, 0), (7, 9)])
def test_a_scale_is_round_and_holds_all(low: int, high: int) -> None:
    marks = ticks(low, high)
    assert marks[0] <= low and marks[-1] >= high and 2 <= len(marks) <= 9
    (step,) = {upper - lower for lower, upper in pairwise(marks)}
    assert str(step).rstrip("0") in ("1", "2", "5", "")


def test_the_command_draws_a_day_and_days(payment: Any, tmp_path: Path) -> None:
    for name in ("day.svg", "day.pdf", "day.SVG"):
        assert payment("settlement", "2025-06-02", "--plot", name).code == 0
        assert (tmp_path / name).stat().st_size > 1000
    ran: Ran = payment(
        "settlement", "--from", "2025-06-01", "--to", "2025-06-03", "--plot", "days.svg", "--csv", "days.csv", "--json")
    assert (ran.code, len(ran.data["days"]), ran.data["net_minor"]) == (0, 3, 0)
    assert "<title>执收单位结算　2025-06-01 至 2025-06-03</title>" in (tmp_path / "days.svg").read_text()
    told: Ran = payment("settlement", "--from", "2025-06-01", "--to", "2025-06-03")
    assert told.out == "tenant 'default': nothing was paid or given back on those days\n"
    assert "3 of 3 days are not closed yet, from 2025-06-01 on; " in told.err
    assert "'zhongtai payment ledger close 2025-06-03 --tenant default' makes them final" in told.err


@pytest.mark.parametrize(("arguments", "said"), [
    ((), "which days is not said; DATE, or --from DATE and --to DATE, is allowed"),
    (("2025-06-02", "--from", "2025-06-01", "--to", "2025-06-02"),
     "days are 2025-06-02 and also --from 2025-06-01 and --to 2025-06-02; DATE alone, or --from DATE and --to"),
    (("2025-06-02", "--from", "2025-06-01"), "days are 2025-06-02 and also --from 2025-06-01; DATE alone"),
    (("--from", "2025-06-01"), "--from is 2025-06-01 and --to is missing; both, or DATE alone, are allowed"),
    (("--to", "2025-06-01"), "--to is 2025-06-01 and --from is missing; both, or DATE alone, are allowed"),
    (("--from", "2025-06-02", "--to", "2025-06-01"), "days are 2025-06-02 to 2025-06-01; 1 to 92 days that go forward"),
    (("--from", "2025-01-01", "--to", "2025-12-31"), "1 to 92 days that go forward are allowed"),
    (("--from", "x", "--to", "2025-12-31"), "'x' is no day"),
    (("9999-12-31", "--plot", "x.png"), "--plot is 'x.png'; a name that ends with .svg or .pdf is allowed"),
    (("2025-06-02", "--plot", "folder"), "a name that ends with .svg or .pdf is allowed"),
    (("2025-06-02", "--plot", "nowhere/x.svg"), "file 'nowhere/x.svg' cannot be written: No such file or directory"),
    (("2025-06-02", "--plot", ""), "option --plot is empty; a value is allowed"),
])
def test_days_and_pictures_that_cannot_be(payment: Any, arguments: tuple[str, ...], said: str) -> None:
    is_one_line(payment("settlement", *arguments), 2, said)


def test_days_that_are_not_over_are_refused_before_any_is_read(payment: Any) -> None:
    is_one_line(payment("settlement", "--from", "2999-01-01", "--to", "2999-02-01"), 2, (
        "business_day is 2999-02-01, which ends at 24:00 in China (UTC+8); the newest one that is over is"))
    last: Ran = payment("settlement", "--from", "9999-12-01", "--to", "9999-12-31")
    is_one_line(last, 2, "payment.day-not-over")
