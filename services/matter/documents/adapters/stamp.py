"""The department's seal on a document, by the seal service."""
from __future__ import annotations

from datetime import datetime

from services.matter.documents.domain.errors import DocumentSealRefused, DocumentSealUnavailable
from services.matter.documents.usecases.make_file import Print, Stamp
from shared_components.seals import SealRefused, SealService, SealUnavailable, sealed_pdf

RETRY_AFTER_S = 5


def stamp_by(seals: SealService | None) -> Stamp | None:
    """Give a stamp; None where no seal service is set up."""
    if seals is None:
        return None

    def stamp(wanted: Print, content: bytes, at: datetime) -> bytes:
        code = wanted.definition.department_code
        try:
            return sealed_pdf(
                content, lambda signed: seals.sign(code, signed), owner=wanted.definition.department_name.zh,
                reason=wanted.document.title["zh"], at=at)
        except SealUnavailable as failed:
            raise DocumentSealUnavailable(failed.text, details={"retry_after_s": RETRY_AFTER_S}) from failed
        except SealRefused as refused:
            raise DocumentSealRefused(refused.text) from refused

    return stamp
