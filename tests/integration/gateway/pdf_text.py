"""What is written on a PDF page of reportlab's: enough to find a number or a name on it."""
from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"/ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Every shown string, one a line. The receipts' font has UTF-16 for its encoding (UniGB-UCS2-H)."""
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    pages = [zlib.decompress(base64.a85decode(raw.strip().removesuffix(b"~>"))) for raw in _STREAM.findall(pdf)]
    assert pages, "no page's content was found"
    shown = [_unescaped(text) for page in pages for text in _SHOWN.findall(page)]
    return "\n".join(text.decode("utf-16-be", "replace") for text in shown)


def _unescaped(shown: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8)]) if what.isdigit() else _NAMED.get(what, what)

    return _ESCAPE.sub(one, shown)
