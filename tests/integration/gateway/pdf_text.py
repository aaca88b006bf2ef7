"""Text of a PDF, as poppler's pdftotext reads it."""
from __future__ import annotations

import subprocess

from shared_components.devstack.binaries import pdftotext


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    command = [str(pdftotext()), "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
