"""One day: a row for each collecting unit, what was paid to the right, what was given back to the left."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportlab.graphics.shapes import Drawing

from services.payment.ledger.adapters.settlement_plot.sheet import (
    INK,
    MARGIN,
    PAID,
    PALE,
    REFUNDED,
    SMALL,
    WIDTH,
    Sheet,
    amount,
    tick_text,
    ticks,
    unit_of,
)

Report = Mapping[str, Any]
MOST_ROWS = 25
ROW, BAR = 40, 18
TOP, BOTTOM = 118, 76
LEFT, RIGHT = 196, 132


def rows(report: Report) -> Drawing:
    """The largest units, and the rest as one."""
    shown = _shown(report["units"])
    sheet = Sheet(TOP + max(len(shown), 1) * ROW + BOTTOM)
    sheet.heading([report])
    _legend(sheet)
    lowest = min((-unit["refunded_minor"] for unit in shown), default=0)
    marks = ticks(min([lowest, 0, *(unit["net_minor"] for unit in shown)]),
                  max((max(unit["paid_minor"], unit["net_minor"]) for unit in shown), default=0))
    end = sheet.height - BOTTOM

    def at(amount_minor: int) -> float:
        return LEFT + (amount_minor - marks[0]) / (marks[-1] - marks[0]) * (WIDTH - LEFT - RIGHT)

    for mark in marks if shown else [0]:
        sheet.line(at(mark), TOP - 8, at(mark), end, *((INK, 1.2) if mark == 0 else ()))
        sheet.text(at(mark), end + 18, tick_text(abs(mark)), size=SMALL, anchor="middle", colour=PALE)
    sheet.text((LEFT + WIDTH - RIGHT) / 2, end + 38, f"金额（{unit_of(report)}）　零线左侧为退款，右侧为缴款",
               size=SMALL, anchor="middle", colour=PALE)
    sheet.text(LEFT - 12, TOP - 12, "执收单位编码", size=SMALL, anchor="end", colour=PALE)
    sheet.text(WIDTH - MARGIN, TOP - 12, f"应划（{unit_of(report)}）", size=SMALL, anchor="end", colour=PALE)
    for number, unit in enumerate(shown):
        middle = TOP + number * ROW + ROW / 2
        sheet.text(LEFT - 12, middle + 4, unit["collecting_unit"], size=SMALL, anchor="end")
        sheet.rect(at(0), middle - BAR / 2, at(unit["paid_minor"]) - at(0), BAR, PAID)
        sheet.rect(at(-unit["refunded_minor"]), middle - BAR / 2, at(0) - at(-unit["refunded_minor"]), BAR, REFUNDED)
        sheet.diamond(at(unit["net_minor"]), middle)
        sheet.text(WIDTH - MARGIN, middle + 4, amount(unit["net_minor"]), anchor="end")
    if not shown:
        sheet.text((LEFT + WIDTH - RIGHT) / 2, TOP + ROW / 2 + 4, "当日无缴款、退款", anchor="middle", colour=PALE)
    sheet.footnote("已日结，数字不再变化。" if report["final"] else "尚未日结，数字可能变化。")
    return sheet.drawing


def _shown(units: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    ordered = sorted(units, key=lambda unit: -(unit["paid_minor"] + unit["refunded_minor"]))
    if len(ordered) <= MOST_ROWS:
        return ordered
    rest = ordered[MOST_ROWS - 1:]
    sums = {name: sum(unit[name] for unit in rest) for name in ("paid_minor", "refunded_minor", "net_minor")}
    return [*ordered[:MOST_ROWS - 1], {"collecting_unit": f"其余 {len(rest)} 个单位", **sums}]


def _legend(sheet: Sheet) -> None:
    x = WIDTH - MARGIN - 210
    for colour, name, place in ((PAID, "缴款", x), (REFUNDED, "退款", x + 72)):
        sheet.rect(place, 30, 14, 14, colour)
        sheet.text(place + 20, 42, name)
    sheet.diamond(x + 152, 37)
    sheet.text(x + 164, 42, "应划")
