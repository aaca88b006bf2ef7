"""A document as a PDF page: number, addressee, the text in Chinese and in English, department and day.

On one machine the same document always gives the same bytes.
"""
from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table

from services.matter.cases.domain.documents import dated
from services.matter.documents.domain.errors import DocumentFontMissing, DocumentNotPrintable
from services.matter.documents.usecases.make_file import Print
from shared_components.typesetting import FontsMissing, NotPrintable, base_font, markup, paragraph_or_line

LEFT, CENTRE, RIGHT = 0, 1, 2
WIDTH = A4[0] - 50 * mm


def print_document(wanted: Print) -> bytes:
    """Raises DocumentNotPrintable, DocumentFontMissing."""
    try:
        return _printed(wanted)
    except FontsMissing as missing:
        raise DocumentFontMissing(missing.text, details=missing.details) from missing
    except NotPrintable as refused:
        raise DocumentNotPrintable(refused.text, details=refused.details) from refused


def _printed(wanted: Print) -> bytes:
    document, out = wanted.document, BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=25 * mm, rightMargin=25 * mm, topMargin=25 * mm, bottomMargin=20 * mm,
        title=f"{document.title['zh']} {document.full_number}", author="zhongtai", invariant=1)
    page.build([*_chinese(wanted), Spacer(1, 6 * mm), HRFlowable(width="100%"), Spacer(1, 4 * mm), *_english(wanted)])
    return out.getvalue()


def _chinese(wanted: Print) -> list[Flowable]:
    document, department = wanted.document, wanted.definition.department_name
    return [
        _text(department.zh, CENTRE, 16), _text(document.title["zh"], CENTRE, 18),
        _text(document.full_number or "", CENTRE), Spacer(1, 6 * mm),
        paragraph_or_line("", f"{wanted.addressee}：", _style(LEFT, 11), width=WIDTH),
        *(_text(part, LEFT, 11, indent=22) for part in _paragraphs(document.text["zh"])), Spacer(1, 8 * mm),
        _text(department.zh, RIGHT), _text(dated(document.issued_on, "zh"), RIGHT),
        *([_mark()] if wanted.sealed else [_text("（未加盖电子印章）", RIGHT, 8)]),
    ]


def _english(wanted: Print) -> list[Flowable]:
    document, department = wanted.document, wanted.definition.department_name
    return [
        _text(document.title["en"], LEFT, 12),
        *(_text(part, LEFT, 9) for part in _paragraphs(document.text["en"])),
        _text(f"{department.en}, {dated(document.issued_on, 'en')} ({_seal_in_english(wanted)})", LEFT, 9),
    ]


def _seal_in_english(wanted: Print) -> str:
    return "with an electronic seal" if wanted.sealed else "without an electronic seal"


def _mark() -> Flowable:
    """Give the sign that the file carries a seal; the seal itself is the signature, which readers verify."""
    mark = Table([[Paragraph(markup("电子印章"), _style(CENTRE, 9, 0, colors.firebrick))]], colWidths=[22 * mm])
    mark.setStyle([("BOX", (0, 0), (-1, -1), 1, colors.firebrick)])
    mark.hAlign = "RIGHT"
    return mark


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(text: str, alignment: int = LEFT, size: float = 11, indent: float = 0) -> Paragraph:
    return Paragraph(markup(text), _style(alignment, size, indent))


@cache
def _style(alignment: int, size: float, indent: float = 0, colour: Any = colors.black) -> ParagraphStyle:
    return ParagraphStyle(
        "text", fontName=base_font(), fontSize=size, leading=size * 1.6, wordWrap="CJK", alignment=alignment,
        firstLineIndent=indent, textColor=colour)
