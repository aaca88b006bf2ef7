"""Documents as callers may see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.matter.documents.domain.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """number: None for the moment until it is counted. stamped: None until the file was made."""

    document_id: str
    case_id: str
    kind: str
    step: str | None
    title_zh: str
    title_en: str
    text_zh: str = field(repr=False)
    text_en: str = field(repr=False)
    number: str | None
    issued_on: date
    stamped: bool | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class DocumentsView:
    items: Sequence[DocumentView]


@dataclass(frozen=True, slots=True)
class DocumentTicketView:
    """path: at the gateway; whoever knows it may use it once."""

    document_id: str
    path: str = field(repr=False)
    until: datetime


def document_view(document: Document) -> DocumentView:
    file = document.file
    return DocumentView(
        document_id=document.id, case_id=document.case_id, kind=document.kind, step=document.step,
        title_zh=document.title["zh"], title_en=document.title["en"], text_zh=document.text["zh"],
        text_en=document.text["en"], number=document.full_number, issued_on=document.issued_on,
        stamped=None if file is None else file.stamped, sha256=None if file is None else file.sha256)
