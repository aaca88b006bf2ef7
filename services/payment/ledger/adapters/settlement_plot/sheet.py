"""Parts that both pictures have: a sheet with its title, a scale of round amounts, and how amounts are written."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Polygon, Rect, String
from reportlab.lib.colors import HexColor, white

from shared_components.kernel.money import decimal_text
from shared_components.typesetting import base_font

Report = Mapping[str, Any]
WIDTH = 960
TITLE, TEXT, SMALL = 20, 13, 11
INK, PALE, GRID = HexColor("#1f2933"), HexColor("#5b6770"), HexColor("#d9dee3")
PAID, REFUNDED = HexColor("#1b6ca8"), HexColor("#c8553d")
MARGIN = 28
TICKS = 6


class Sheet:
    """A drawing whose lengths are points from the upper left corner, as people read."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.drawing = Drawing(WIDTH, height)
        self.rect(0, 0, WIDTH, height, white)

    def text(
        self, x: float, y: float, text: str, *, size: float = TEXT, anchor: str = "start", colour: Any = INK,
    ) -> None:
        """y: of the line that the text stands on."""
        self.drawing.add(String(
            x, self.height - y, text, fontName=base_font(), fontSize=size, textAnchor=anchor, fillColor=colour))

    def rect(self, x: float, y: float, width: float, height: float, colour: Any) -> None:
        self.drawing.add(Rect(x, self.height - y - height, width, height, fillColor=colour, strokeColor=None))

    def line(self, x: float, y: float, to_x: float, to_y: float, colour: Any = GRID, width: float = 1) -> None:
        self.drawing.add(Line(
            x, self.height - y, to_x, self.height - to_y, strokeColor=colour, strokeWidth=width))

    def diamond(self, x: float, y: float, half: float = 4.5) -> None:
        up = self.height - y
        self.drawing.add(Polygon(
            [x - half, up, x, up + half, x + half, up, x, up - half], fillColor=INK, strokeColor=white,
            strokeWidth=1))

    def heading(self, reports: Sequence[Report]) -> None:
        """Title and sums."""
        unit = unit_of(reports[0])
        paid, refunded, net = (sum(report[name] for report in reports)
                               for name in ("paid_minor", "refunded_minor", "net_minor"))
        counts = [sum(report[name] for report in reports) for name in ("paid_count", "refund_count")]
        self.text(MARGIN, 40, title(reports), size=TITLE)
        self.text(
            MARGIN, 64, f"缴款 {amount(paid)} {unit}（{counts[0]:,} 笔）　退款 {amount(refunded)} {unit}"
            f"（{counts[1]:,} 笔）　应划 {amount(net)} {unit}", colour=PALE)

    def footnote(self, text: str) -> None:
        self.text(MARGIN, self.height - 14, text, size=SMALL, colour=PALE)


def title(reports: Sequence[Report]) -> str:
    first, last = reports[0]["business_day"], reports[-1]["business_day"]
    return f"执收单位结算　{first}" + (f" 至 {last}" if last != first else "")


def ticks(low: int, high: int) -> list[int]:
    """Round amounts in 分 from at or below the lowest to at or above the highest, 0 among them; 1, 2 or 5 apart."""
    high = max(high, low + 100)
    span = high - low
    step = next(step for step in _steps() if span <= step * TICKS)
    return [step * number for number in range(low // step, -(-high // step) + 1)]


def _steps() -> Iterable[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def amount(amount_minor: int) -> str:
    return decimal_text(amount_minor, grouped=True)


def tick_text(amount_minor: int) -> str:
    """Whole 元 without decimals."""
    return amount(amount_minor).removesuffix(".00")


def unit_of(report: Report) -> str:
    return "元" if report["currency"] == "CNY" else str(report["currency"])
