"""QR codes as one path of an inline SVG, which a strict Content-Security-Policy allows.

Source: ISO/IEC 18004, as reportlab encodes it
"""
from __future__ import annotations

from typing import Any, NamedTuple

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET_ZONE = 4
"""Modules of light around a code, as the standard asks."""


class QrCode(NamedTuple):
    """size: of the square in modules, with the quiet zone. path: the dark modules, for the attribute d."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of a text, with medium error correction."""
    code: Any = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count: int = code.getModuleCount()
    dark = [
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h1v1h-1z"
        for row in range(count) for column in range(count) if code.isDark(row, column)]
    return QrCode(count + 2 * QUIET_ZONE, "".join(dark))
