"""A signature in a PDF file, added behind the file as an incremental update: what was there stays, byte for byte.

For files of our own (reportlab): a classic cross-reference table, and objects that are not compressed.
Source: ISO 32000-1, 7.5.6 (incremental updates) and 12.8 (digital signatures, adbe.pkcs7.detached).
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

SIGNATURE_BYTES = 8192
"""Room for a signature with its certificates, DER."""
_RANGE = b"/ByteRange [0 %010d %010d %010d]"
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)


class NotSealable(ValueError):
    """The file has another form than ours, or the signature has no room."""


def sealed_pdf(pdf: bytes, sign: Callable[[bytes], bytes], *, owner: str, reason: str, at: datetime) -> bytes:
    """Give the file with a signature over all of it.

    sign: bytes → a detached CMS signature over them, DER, at most SIGNATURE_BYTES. owner: whose seal it is.
    at: aware. Raises NotSealable, and whatever `sign` raises.
    """
    trailer = _TRAILER.search(pdf)
    if trailer is None:
        raise NotSealable("file has no classic trailer at its end")
    root, size = _number(rb"/Root (\d+) 0 R", trailer[1]), _number(rb"/Size (\d+)", trailer[1])
    signature, field = size, size + 1
    objects = {
        **_with_field(pdf, root, field),
        signature: _signature(owner, reason, at),
        field: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /F 132 /Rect [0 0 0 0] /V %d 0 R >>" % signature,
    }
    unsigned = _appended(pdf, objects, trailer[1], previous=int(trailer[2]), size=size + 2)
    return _signed(unsigned, sign, since=len(pdf))


def _with_field(pdf: bytes, root: int, field: int) -> Mapping[int, bytes]:
    """The catalogue and the first page, with the signature's field."""
    catalogue = _object(pdf, root)
    pages = _object(pdf, _number(rb"/Pages (\d+) 0 R", catalogue))
    page = _number(rb"/Kids \[\s*(\d+) 0 R", pages)
    if b"/AcroForm" in catalogue or b"/Annots" in _object(pdf, page):
        raise NotSealable("file has fields or annotations")
    return {
        root: _more(catalogue, b"/AcroForm << /Fields [%d 0 R] /SigFlags 3 >>" % field),
        page: _more(_object(pdf, page), b"/Annots [%d 0 R]" % field),
    }


def _signature(owner: str, reason: str, at: datetime) -> bytes:
    when = f"{at.astimezone(UTC):%Y%m%d%H%M%S}".encode()
    return b" ".join((
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached", _RANGE % (0, 0, 0),
        b"/Name %s /Reason %s /M (D:%sZ)" % (_text(owner), _text(reason), when),
        b"/Contents <%s> >>" % (b"0" * 2 * SIGNATURE_BYTES)))


def _appended(pdf: bytes, objects: Mapping[int, bytes], trailer: bytes, *, previous: int, size: int) -> bytes:
    out, places = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n"), dict[int, int]()
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    kept = re.sub(rb"/Size \d+", b"/Size %d" % size, trailer).strip()
    out += b"trailer\n<< %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (kept, previous, start)
    return bytes(out)


def _signed(unsigned: bytes, sign: Callable[[bytes], bytes], *, since: int) -> bytes:
    """Fill in the range and the signature, which changes no length."""
    begin = unsigned.index(b"/Contents <", since) + len(b"/Contents ")
    end = begin + 2 * SIGNATURE_BYTES + 2
    ranged = unsigned.replace(_RANGE % (0, 0, 0), _RANGE % (begin, end, len(unsigned) - end))
    signature = sign(ranged[:begin] + ranged[end:])
    if len(signature) > SIGNATURE_BYTES:
        raise NotSealable(f"signature has {len(signature)} bytes; there is room for {SIGNATURE_BYTES}")
    return ranged[:begin] + b"<" + signature.hex().encode().ljust(2 * SIGNATURE_BYTES, b"0") + b">" + ranged[end:]


def _object(pdf: bytes, number: int) -> bytes:
    found = re.search(rb"(?:\A|\n)%d 0 obj\s*(<<.*?>>)\s*endobj" % number, pdf, re.DOTALL)
    if found is None:
        raise NotSealable(f"file has no plain object {number}")
    return found[1]


def _more(content: bytes, entry: bytes) -> bytes:
    return content[: content.rindex(b">>")] + entry + b" >>"


def _number(pattern: bytes, content: bytes) -> int:
    found = re.search(pattern, content)
    if found is None:
        raise NotSealable(f"file has no {pattern.decode()}")
    return int(found[1])


def _text(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
