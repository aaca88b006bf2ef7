"""The type of a file by its content: what a name or a header says is not believed."""
from __future__ import annotations

from collections.abc import Mapping

MEDIA_TYPES: Mapping[str, str] = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "application/ofd": ".ofd",
}
"""Types that are taken, each with the extension of its files. OFD: GB/T 33190, a ZIP with OFD.xml as first entry."""
CSV = "text/csv"
"""A table as text. Nothing in a content says that it is one: it is a text that begins like none of the others."""
HEAD_BYTES = 512
_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def media_type_of(head: bytes) -> str | None:
    """Give the type of a content by its first bytes; None: none that is taken.

    head: the first 512 bytes, fewer where the content is shorter.
    """
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    if head.startswith(b"PK\x03\x04") and b"OFD.xml" in head[:HEAD_BYTES]:
        return "application/ofd"
    return None


def text_type_of(head: bytes) -> str | None:
    """Give CSV for a content that may be text by its first bytes; None: a known type of file, or not text."""
    is_text = b"\x00" not in head and not head.startswith(b"PK\x03\x04") and media_type_of(head) is None
    return CSV if is_text else None
