"""Draws the report, and writes it as SVG or PDF."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.graphics import renderPDF, renderSVG
from reportlab.graphics.shapes import Drawing, String

from services.payment.ledger.adapters.settlement_plot.columns import columns
from services.payment.ledger.adapters.settlement_plot.rows import rows
from services.payment.ledger.adapters.settlement_plot.sheet import title
from shared_components.typesetting import base_font

Report = Mapping[str, Any]
FAMILIES = (
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Zen Hei', sans-serif")


def plot(reports: Sequence[Report], kind: str) -> bytes:
    """reports: of get_settlement, one or more days in order, of one currency. kind: one of the package's KINDS."""
    drawing = rows(reports[0]) if len(reports) == 1 else columns(reports)
    if kind == ".pdf":
        content: bytes = renderPDF.drawToString(drawing)
        return content
    _let_viewers_align(drawing)
    text: str = renderSVG.drawToString(drawing, fontHacks={base_font(): {"family": FAMILIES}})
    # Else a viewer shows three dots as its tip.
    titled = text.replace("<title>...</title>", f"<title>{title(reports)}</title>", 1)
    return titled.replace("<desc>...</desc>", "", 1).encode("utf-8")


def _let_viewers_align(drawing: Drawing) -> None:
    """reportlab would do it by the widths of its own font, and another one is shown."""
    for shape in drawing.contents:
        if isinstance(shape, String) and shape.textAnchor != "start":
            shape._svgAttrs = {"text-anchor": shape.textAnchor}
            shape.textAnchor = "start"
