"""Several days: a column for each, what was paid above the line and what was given back below it, by unit."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor

from services.payment.ledger.adapters.settlement_plot.sheet import (
    INK,
    MARGIN,
    PALE,
    SMALL,
    WIDTH,
    Sheet,
    tick_text,
    ticks,
    unit_of,
)

Report = Mapping[str, Any]
# Distinct without colour vision, too (Okabe and Ito, 2008); the last is that of the rest.
COLOURS = [HexColor(code) for code in (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")]
REST_COLOUR = HexColor("#9aa5b1")
TOP, PLOT, BELOW, LEGEND_ROW = 104, 340, 62, 22
LEFT, RIGHT = 112, MARGIN
MOST_LABELS = 16
LEGEND_COLUMNS = 3


def columns(reports: Sequence[Report]) -> Drawing:
    legend = _legend(reports)
    legend_rows = -(-(len(legend) + 1) // LEGEND_COLUMNS)
    sheet = Sheet(TOP + PLOT + BELOW + legend_rows * LEGEND_ROW + 34)
    sheet.heading(reports)
    marks = ticks(
        min([0, *(-report["refunded_minor"] for report in reports), *(report["net_minor"] for report in reports)]),
        max([0, *(report["paid_minor"] for report in reports), *(report["net_minor"] for report in reports)]))

    def at(amount_minor: int) -> float:
        return TOP + (marks[-1] - amount_minor) / (marks[-1] - marks[0]) * PLOT

    moved = any(report["units"] for report in reports)
    for mark in marks if moved else [0]:
        sheet.line(LEFT, at(mark), WIDTH - RIGHT, at(mark), *((INK, 1.2) if mark == 0 else ()))
        sheet.text(LEFT - 10, at(mark) + 4, tick_text(abs(mark)), size=SMALL, anchor="end", colour=PALE)
    sheet.text(MARGIN, TOP - 14, f"金额（{unit_of(reports[0])}）　零线以上为缴款，以下为退款", size=SMALL, colour=PALE)
    if not moved:
        sheet.text((LEFT + WIDTH - RIGHT) / 2, TOP + PLOT / 2, "期间无缴款、退款", anchor="middle", colour=PALE)
    slot = (WIDTH - LEFT - RIGHT) / len(reports)
    every = -(-len(reports) // MOST_LABELS)
    for number, report in enumerate(reports):
        middle, width = LEFT + slot * (number + 0.5), min(slot * 0.7, 56)
        for name, sign in (("paid_minor", 1), ("refunded_minor", -1)):
            _stack(sheet, report, legend, name, sign, at, middle - width / 2, width)
        sheet.diamond(middle, at(report["net_minor"]), min(4.5, max(slot * 0.35, 1.5)))
        if number % every == 0:
            day = f"{report['business_day']}"[5:] + ("" if report["final"] else "*")
            sheet.text(middle, TOP + PLOT + 18, day, size=SMALL, anchor="middle", colour=PALE)
    sheet.text((LEFT + WIDTH - RIGHT) / 2, TOP + PLOT + 38, "营业日（次日结算）", size=SMALL, anchor="middle",
               colour=PALE)
    _draw_legend(sheet, legend)
    if not all(report["final"] for report in reports):
        sheet.footnote("* 尚未日结，数字可能变化。")
    return sheet.drawing


def _legend(reports: Sequence[Report]) -> dict[str, Any]:
    """Unit → colour, the largest first; what has none goes to the rest, under the empty name."""
    sizes: Counter[str] = Counter()
    for report in reports:
        for unit in report["units"]:
            sizes[unit["collecting_unit"]] += unit["paid_minor"] + unit["refunded_minor"]
    ordered = [name for name, _ in sizes.most_common()]
    found = dict(zip(ordered, COLOURS, strict=False))
    return found | {"": REST_COLOUR} if len(ordered) > len(COLOURS) else found


def _stack(
    sheet: Sheet, report: Report, legend: Mapping[str, Any], name: str, sign: int, at: Any, x: float, width: float,
) -> None:
    sums: Counter[str] = Counter()
    for unit in report["units"]:
        sums[unit["collecting_unit"] if unit["collecting_unit"] in legend else ""] += unit[name]
    reached = 0
    for unit_name, colour in legend.items():
        before, reached = reached, reached + sign * sums[unit_name]
        if before != reached:
            upper, lower = sorted((at(before), at(reached)))
            sheet.rect(x, upper, width, lower - upper, colour)


def _draw_legend(sheet: Sheet, legend: Mapping[str, Any]) -> None:
    top, column = TOP + PLOT + BELOW, (WIDTH - 2 * MARGIN) / LEGEND_COLUMNS
    for number, (name, colour) in enumerate([*legend.items(), ("应划合计", None)]):
        x, y = MARGIN + number % LEGEND_COLUMNS * column, top + number // LEGEND_COLUMNS * LEGEND_ROW
        if colour is None:
            sheet.diamond(x + 7, y + 7)
        else:
            sheet.rect(x, y, 14, 14, colour)
        sheet.text(x + 22, y + 12, name or "其余单位", size=SMALL)
