"""A receipt as a PDF page with its QR code.

A document shows exactly what it says, or is refused. Its fonts are embedded as subsets where their packages are
installed (docs/guides/operations.md); elsewhere receipts whose text is all in GBK are set in the Chinese font that PDF
readers bring along. On one machine the same receipt always gives the same bytes.
"""
from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from services.payment.common.domain.business_day import business_day
from services.payment.common.domain.errors import ReceiptFontMissing, ReceiptNotPrintable
from services.payment.receipts.domain.capital_amount import capital_amount
from services.payment.receipts.domain.receipt import RED, Receipt
from shared_components.kernel.money import decimal_text
from shared_components.typesetting import FontsMissing, NotPrintable, base_font, markup, paragraph_or_line

WIDTHS = (30 * mm, 62 * mm, 16 * mm, 18 * mm, 26 * mm, 32 * mm)
QR_SIZE = 26 * mm
HEADINGS = ("项目编码", "项目名称", "单位", "数量", "标准（元）", "金额（元）")

LEFT_WIDTH = 92 * mm


@cache
def _style(alignment: int = 0, size: float = 8.5, leading: float = 11, colour: Any = colors.black) -> ParagraphStyle:
    return ParagraphStyle(
        "text", fontName=base_font(), fontSize=size, leading=leading, wordWrap="CJK", alignment=alignment,
        textColor=colour)


def _text(text: str, alignment: int = 0) -> Paragraph:
    return Paragraph(markup(text), _style(alignment))


def _right(text: str) -> Paragraph:
    return _text(text, alignment=2)


def print_receipt(receipt: Receipt, original: Receipt | None) -> bytes:
    """receipt: an issued one; original: the one that a red-letter receipt takes back.

    Raises ReceiptNotPrintable, ReceiptFontMissing.
    """
    try:
        return _printed(receipt, original)
    except FontsMissing as missing:
        raise ReceiptFontMissing(missing.text, details=missing.details) from missing
    except NotPrintable as refused:
        raise ReceiptNotPrintable(refused.text, details=refused.details) from refused


def _printed(receipt: Receipt, original: Receipt | None) -> bytes:
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=landscape(A5), leftMargin=13 * mm, rightMargin=13 * mm, topMargin=9 * mm, bottomMargin=9 * mm,
        title=f"财政电子票据 {receipt.bill_code} {_number(receipt)}", author="zhongtai", invariant=1,
    )
    document.build([_head(receipt, original), Spacer(1, 3 * mm), _lines(receipt), Spacer(1, 3 * mm), _foot(receipt)])
    return out.getvalue()


def qr_text(receipt: Receipt) -> str:
    """The text of the QR code; the fields that verify_receipt takes come first."""
    issued = business_day(receipt.issued_at).isoformat() if receipt.issued_at is not None else ""
    return "|".join((
        "ZT1", str(receipt.bill_code), _number(receipt), str(receipt.check_code),
        decimal_text(receipt.signed_amount_minor), issued, receipt.collecting_unit,
    ))


def _head(receipt: Receipt, original: Receipt | None) -> Flowable:
    title = "非税收入财政电子票据" + ("（红字）" if receipt.kind == RED else "")
    day = business_day(receipt.issued_at).isoformat() if receipt.issued_at is not None else ""
    payer = paragraph_or_line("交款人：", receipt.payer_name, _style(), width=LEFT_WIDTH - 12)
    left = [_text(f"票据代码：{receipt.bill_code}"), payer, _text(f"缴款码：{receipt.pay_code}")]
    if original is not None:
        left.append(_text(f"原票据代码：{original.bill_code}　原票据号码：{_number(original)}"))
    right = [f"票据号码：{_number(receipt)}", f"校验码：{receipt.check_code}", f"开票日期：{day}"]
    facts = Table(
        [[left, [_text(text) for text in right], _qr(receipt)]],
        colWidths=(LEFT_WIDTH, 64 * mm, 28 * mm), style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )
    heading = Paragraph(title, _style(1, 15, 20, _colour(receipt)))
    return Table([[heading], [facts]], style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])


def _lines(receipt: Receipt) -> Flowable:
    sign = -1 if receipt.kind == RED else 1
    rows: list[list[Any]] = [[_text(text) for text in HEADINGS]]
    for line in receipt.lines:
        rows.append([
            _text(str(line["item_code"])), _text(str(line["name"])), _text(str(line["unit"])),
            _right(str(line["quantity"])), _right(decimal_text(line["price_minor"])),
            _right(decimal_text(sign * line["amount_minor"])),
        ])
    grid = [("GRID", (0, 0), (-1, -1), 0.5, _colour(receipt)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table(rows, colWidths=WIDTHS, repeatRows=1, style=grid)


def _foot(receipt: Receipt) -> Flowable:
    sign = "负 " if receipt.kind == RED else ""
    amount = f"{decimal_text(receipt.signed_amount_minor)} {receipt.currency}"
    return Table(
        [
            [_text(f"金额合计（大写）：{sign}{capital_amount(receipt.amount_minor)}"), _right(f"（小写）：{amount}")],
            [_text(f"执收单位编码：{receipt.collecting_unit}"), _right("扫码或凭代码、号码、校验码查验")],
        ],
        colWidths=(112 * mm, 72 * mm), style=[("BOX", (0, 0), (-1, 0), 0.5, _colour(receipt))],
    )


def _qr(receipt: Receipt) -> Drawing:
    code = QrCodeWidget(qr_text(receipt), barLevel="M")
    left, bottom, right, top = code.getBounds()
    scale = QR_SIZE / (right - left)
    drawing = Drawing(QR_SIZE, QR_SIZE, transform=[scale, 0, 0, QR_SIZE / (top - bottom), 0, 0])
    drawing.add(code)
    return drawing


def _colour(receipt: Receipt) -> Any:
    return colors.firebrick if receipt.kind == RED else colors.black


def _number(receipt: Receipt) -> str:
    return f"{receipt.bill_number:010d}"
