"""Errors of documents that are printed."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Unavailable


class ReceiptNotPrintable(Conflict):
    """A document must show what it says exactly, or not at all. details: reason, characters (code points)."""

    code = "payment.receipt-not-printable"
    texts = {
        "en": "The receipt has characters that no font here can show; its data are right, ask a counter for the paper.",
        "zh": "票据含有本系统字体无法正确显示的字符，票据数据无误，请到窗口领取纸质件。",
    }


class ReceiptFontMissing(Unavailable):
    """details: packages (of Debian, to be installed where payment runs), characters (code points)."""

    code = "payment.receipt-font-missing"
    texts = {
        "en": "The receipt needs a font that is not installed on the server.",
        "zh": "生成该票据所需的字体未在服务器上安装。",
    }
