"""Errors of documents."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, NotFound, Unavailable


class DocumentNotFound(NotFound):
    code = "matter.document-not-found"
    texts = {"en": "There is no such document.", "zh": "文书不存在。"}


class DocumentNotNumbered(Unavailable):
    """Numbers are given every two seconds. details: retry_after_s."""

    code = "matter.document-not-numbered"
    texts = {"en": "The document has no number yet; try again in a moment.", "zh": "文书尚未编号，请稍后再试。"}


class DocumentNotPrintable(Conflict):
    """A document must show what it says exactly, or not at all. details: reason, characters (code points)."""

    code = "matter.document-not-printable"
    texts = {
        "en": "The document has characters that no font here can show; its text is right, ask a counter for the paper.",
        "zh": "文书含有本系统字体无法正确显示的字符，文书内容无误，请到窗口领取纸质件。",
    }


class DocumentFontMissing(Unavailable):
    """details: packages (of Debian, to be installed where matter runs), characters (code points)."""

    code = "matter.document-font-missing"
    texts = {
        "en": "The document needs a font that is not installed on the server.",
        "zh": "生成该文书所需的字体未在服务器上安装。",
    }


class DocumentSealUnavailable(Unavailable):
    """The seal service gives no answer; the ticket stays good. details: retry_after_s."""

    code = "matter.document-seal-unavailable"
    texts = {
        "en": "The document cannot be sealed now; try again in a moment.",
        "zh": "暂时无法加盖电子印章，请稍后再试。",
    }


class DocumentSealRefused(Conflict):
    """The seal service has no seal for the department, or does not take our key."""

    code = "matter.document-seal-refused"
    texts = {
        "en": "The department's seal is not set up; tell the department.",
        "zh": "该部门的电子印章尚未配置，请联系该部门。",
    }


def unknown_document(document_id: str) -> DocumentNotFound:
    """Also for a document of a case that the call may not see."""
    return DocumentNotFound(Bilingual(
        f"there is no document {document_id[:64]!r}; list_documents gives those of a case",
        f"文书 {document_id[:64]} 不存在；办件的文书见 list_documents"))
