"""A document of a case, and its number."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

DOCUMENT = "document"
"""The purpose of a ticket to download one."""
MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """The PDF of a document, as the store has it. key: of the content, 32 bytes. stamped: it has a seal."""

    content_id: str
    size: int
    sha256: str
    key: bytes = field(repr=False)
    stamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """mark, issued_on, number: of 示公交许〔2026〕12号; number: None for the moment until it is counted.

    title, text: each for zh and en. file: None until somebody first asks for it; it then stays as it is.
    """

    id: str
    tenant: str
    case_id: str
    kind: str
    step: str | None
    mark: str
    issued_on: date
    number: int | None
    created_at: datetime
    title: Mapping[str, str]
    text: Mapping[str, str] = field(repr=False)
    file: DocumentFile | None = None

    @property
    def full_number(self) -> str | None:
        """The number as it is written on the document (发文字号)."""
        return None if self.number is None else f"{self.mark}〔{self.issued_on.year}〕{self.number}号"
