"""Text of people, ready for a paragraph: each run in a font that has its characters."""
from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable, Paragraph

from shared_components.kernel.bilingual import Bilingual
from shared_components.typesetting.errors import FontsMissing, NotPrintable
from shared_components.typesetting.fonts import (
    HAN,
    PLAIN,
    READERS_FONT,
    face_of,
    loaded,
    missing_packages,
)
from shared_components.typesetting.shaping import (
    SHAPED_FACES,
    SMALLEST_SIZE,
    Glyph,
    Run,
    ShapedLine,
    runs,
    script_of,
    shaped,
)


def base_font() -> str:
    """Give the font of documents: embedded where its package is installed, else the PDF reader's own."""
    return READERS_FONT if loaded(HAN) is None else HAN.file


def markup(text: str) -> str:
    """Raises NotPrintable, FontsMissing."""
    unshaped = "".join(each for each in text if script_of(each) is not None)
    if unshaped:
        raise _not_printable(unshaped, "script")
    return "".join(
        escape(run) if font == base_font() else f'<font name="{font}">{escape(run)}</font>'
        for font, run in _in_fonts(text)
    )


def paragraph_or_line(label: str, text: str, style: ParagraphStyle, *, width: float) -> Flowable:
    """A paragraph, or one shaped line where the script needs that. Raises NotPrintable, FontsMissing."""
    if all(script_of(each) is None for each in text):
        return Paragraph(markup(label + text), style)
    line = [_plain(label), *(_plain(run) if script is None else _shaped(run, script) for script, run in _runs(text))]
    if sum(run.width for run in line) * SMALLEST_SIZE / 1000 > width:
        raise NotPrintable(
            Bilingual(
                "document has a name of a script that is written in one line here, and it is too long for the document",
                "文件中的名称所用文字只能排成一行，而其长度超出版面"),
            details={"reason": "too-long"},
        )
    return ShapedLine(line, size=style.fontSize, leading=style.leading)


def _runs(text: str) -> list[tuple[str | None, str]]:
    """Keep text from right to left alone: the order in which a mixed line is read is not for us to say."""
    found = list(runs(text))
    if len(found) > 1 and any(script == "ARABIC" for script, _ in found):
        raise _not_printable("".join(run for script, run in found if script != "ARABIC"), "mixed-directions")
    return found


def _shaped(run: str, script: str) -> Run:
    face = SHAPED_FACES.get(script)
    if face is None:
        raise _not_printable(run, "script")
    found = shaped(run, face)
    if found is None:
        raise _no_font(run, missing_packages([face]))
    return found


def _plain(run: str) -> Run:
    glyphs, x = [], 0.0
    for font, part in _in_fonts(run):
        glyphs.append(Glyph(font, part, x, 0.0))
        x += pdfmetrics.stringWidth(part, font, 1000)
    return Run(glyphs, x)


def _in_fonts(text: str) -> list[tuple[str, str]]:
    fonts = [face_of(each) for each in text]
    without = "".join(each for each, font in zip(text, fonts, strict=True) if font is None)
    if without:
        raise _no_font(without, missing_packages(PLAIN))
    found = groupby(range(len(text)), fonts.__getitem__)
    return [(str(font), "".join(text[place] for place in places)) for font, places in found]


def _no_font(characters: str, packages: list[str]) -> NotPrintable:
    if not packages:
        return _not_printable(characters, "no-font")
    return FontsMissing(
        Bilingual(
            f"document has characters that need a font which is not installed here: {' '.join(packages)} "
            f"(Debian: apt-get install {' '.join(packages)})",
            f"文件中有字符需要本机未安装的字体：{' '.join(packages)}（Debian：apt-get install {' '.join(packages)}）"),
        details={"packages": packages, "characters": _code_points(characters)},
    )


def _not_printable(characters: str, reason: str) -> NotPrintable:
    return NotPrintable(
        Bilingual(
            "document has characters that cannot be shown rightly here; those of the installed fonts "
            "are allowed, and in "
            "a name Tibetan, or Arabic letters alone",
            "文件中有本机无法正确显示的字符；允许已安装字体中的字符，名称另可用藏文，或全为阿拉伯字母"),
        details={"reason": reason, "characters": _code_points(characters)},
    )


def _code_points(characters: str) -> list[str]:
    return sorted({f"U+{ord(each):04X}" for each in characters})[:20]
