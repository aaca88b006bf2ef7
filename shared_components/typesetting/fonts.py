"""The fonts that documents are set in, found where Debian's packages put them, and embedded as subsets.

Without the packages only the characters of GBK can be shown, with the Chinese font that PDF readers bring along.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

READERS_FONT = "STSong-Light"
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Face:
    """file: its name, wherever it lies below one of FOLDERS. package: of Debian."""

    file: str
    package: str


HAN = Face("BabelStoneHan.ttf", "fonts-babelstone-han")
TIBETAN = Face("NotoSerifTibetan-Regular.ttf", "fonts-noto-core")
ARABIC = Face("NotoNaskhArabic-Regular.ttf", "fonts-noto-core")
PLAIN = (
    HAN,
    # What BabelStone Han lacks of extensions A to F; its glyphs have Japanese forms, and so come second.
    Face("HanaMinB.ttf", "fonts-hanazono"), Face("HanaMinA.ttf", "fonts-hanazono"),
    Face("NotoSerif-Regular.ttf", "fonts-noto-core"), Face("NotoSansYi-Regular.ttf", "fonts-noto-core"),
)
"""For scripts whose letters stand side by side as they are, the first that has the character is taken."""

pdfmetrics.registerFont(UnicodeCIDFont(READERS_FONT))


@cache
def loaded(face: Face) -> TTFont | None:
    """The font, registered under its file's name; None where its package is not installed."""
    found = next((path for folder in FOLDERS for path in sorted(folder.rglob(face.file))), None)
    if found is None:
        return None
    font = TTFont(face.file, str(found), asciiReadable=0, shapable=False)
    pdfmetrics.registerFont(font)
    return font


def missing_packages(faces: Sequence[Face]) -> list[str]:
    return sorted({face.package for face in faces if loaded(face) is None})


@lru_cache(20_000)
def face_of(character: str) -> str | None:
    """The name of the font that shows a character; None where no font here does.

    Fonts have glyphs for controls and for private use too: they show what nobody has agreed on, or hide the rest.
    """
    if category(character) in ("Cc", "Cf", "Cs", "Co"):
        return None
    if loaded(HAN) is None and _in_readers_font(character):
        return READERS_FONT
    for face in PLAIN:
        font = loaded(face)
        if font is not None and ord(character) in font.face.charToGlyph:
            return face.file
    return None


def _in_readers_font(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


PRIVATE = range(0xF0000, 0xFFFFE)
_codes: dict[tuple[str, int, str], int] = {}
_texts: dict[int, str] = {}


def code_of_glyph(font: TTFont, glyph: int, text: str, width: float) -> int:
    """A private code for a glyph that stands for some text; a reader of the PDF finds that text there.

    text: what the glyph shows; empty for a glyph that completes another. width: in thousandths of the font's size.
    """
    key = (font.fontName, glyph, text)
    code = _codes.get(key)
    if code is None:
        code = _codes[key] = PRIVATE[len(_codes)]
        _texts[code] = text
        font.face.charToGlyph[code] = glyph
        font.face.charWidths[code] = width
    return code


def _to_unicode(fontname: str, subset: Sequence[int]) -> str:
    """A ToUnicode CMap in UTF-16, as ISO 32000-1, 9.10.3 wants it.

    reportlab 5.1.0 writes code points above U+FFFF as five digits, so that U+2BC20 is read as U+2BC2: whoever copies or
    searches a name gets another one. This may go with a reportlab that writes surrogate pairs.
    """
    entries = [f"<{place:02X}> <{_utf16(code)}>" for place, code in enumerate(subset)]
    blocks = [entries[first:first + 100] for first in range(0, len(entries), 100)]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo",
        "<< /Registry (Adobe)", "/Ordering (UCS)", "/Supplement 0", ">> def", f"/CMapName /{fontname} def",
        "/CMapType 2 def", "1 begincodespacerange", "<00> <FF>", "endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ])


def _utf16(code: int) -> str:
    return _texts.get(code, chr(code)).encode("utf-16-be").hex().upper()


ttfonts.makeToUnicodeCMap = _to_unicode
