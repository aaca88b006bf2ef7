"""Settlement reports as a picture: one day by collecting unit, several days as columns. As SVG or PDF.

In SVG whoever shows it has one of the fonts named there; a PDF has the font that receipts have.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared_components.kernel.lazy_exports import lazy_exports

if TYPE_CHECKING:
    def plot(reports: Sequence[Mapping[str, Any]], kind: str) -> bytes: ...

KINDS = (".svg", ".pdf")
# Drawing loads reportlab, which a command that draws nothing need not wait for.
__getattr__ = lazy_exports(__name__, {"plot": "drawing"})
