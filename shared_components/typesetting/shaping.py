"""Lines with scripts whose letters join, stack or run from right to left: shaped by HarfBuzz, glyph by glyph.

Tibetan, and Uyghur, Kazakh and Arabic in Arabic letters. Other such scripts are refused: nobody has looked at how they
come out.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import bidirectional, category, name

import uharfbuzz
from reportlab.platypus import Flowable

from shared_components.typesetting.fonts import ARABIC, TIBETAN, Face, code_of_glyph, loaded

SHAPED_FACES = {"ARABIC": ARABIC, "TIBETAN": TIBETAN}
_SHAPED = {"R", "AL", "AN", "NSM"}
SMALLEST_SIZE = 5.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """x, y: from the run's beginning, in thousandths of the font's size."""

    font: str
    character: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs from left to right; width: in thousandths of the font's size.

    actual_text: what they say together, where marks above and below would be read apart from their letters.
    """

    glyphs: Sequence[Glyph]
    width: float
    actual_text: str | None = None


def script_of(character: str) -> str | None:
    """The script that has to be shaped, `other` for one that cannot be; None for letters that stand side by side."""
    if character in "\u200c\u200d":
        return "ARABIC"
    script = name(character, "").partition(" ")[0]
    if script in SHAPED_FACES:
        return script
    joins = category(character)[0] == "M" or bidirectional(character) in _SHAPED or script in _UNBUILT
    return "other" if joins else None


_UNBUILT = frozenset({
    "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM",
    "SINHALA", "THAI", "LAO", "MYANMAR", "KHMER", "TAI", "NEW", "BALINESE", "JAVANESE", "PHAGS-PA", "LEPCHA", "LIMBU",
})


def runs(text: str) -> Iterator[tuple[str | None, str]]:
    """(script, run): spaces and signs between two letters of a script belong to its run."""
    scripts = [script_of(character) for character in text]
    for place, script in enumerate(scripts):
        if script is None and not text[place].isalnum():
            before = next((each for each in reversed(scripts[:place])), None)
            after = next((scripts[later] for later in range(place + 1, len(text))
                          if scripts[later] is not None or text[later].isalnum()), None)
            if before == after and before in SHAPED_FACES:
                scripts[place] = before
    for script, places in groupby(range(len(text)), scripts.__getitem__):
        yield script, "".join(text[place] for place in places)


def shaped(run: str, face: Face) -> Run | None:
    """None when the font lacks a character."""
    font = loaded(face)
    if font is None:
        return None
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(run)
    buffer.guess_segment_properties()
    shaper = uharfbuzz.Font(uharfbuzz.Face(font.face._ttf_data))
    uharfbuzz.shape(shaper, buffer)
    texts = _texts_of([info.cluster for info in buffer.glyph_infos], run)
    scale, x, glyphs = 1000 / shaper.face.upem, 0.0, []
    for info, position, text in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
        if info.codepoint == 0:
            return None
        code = code_of_glyph(font, info.codepoint, text, position.x_advance * scale)
        glyphs.append(Glyph(font.fontName, chr(code), x + position.x_offset * scale, position.y_offset * scale))
        x += position.x_advance * scale
    # Readers turn what is written from right to left themselves, and would turn an actual text once more.
    return Run(glyphs, x, None if buffer.direction == "rtl" else run)


def _texts_of(clusters: Sequence[int], run: str) -> list[str]:
    """Give the text of each glyph: the first of a cluster for all its text, the others for nothing."""
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(run)], strict=True))
    told: set[int] = set()
    texts = []
    for cluster in clusters:
        texts.append("" if cluster in told else run[cluster:ends[cluster]])
        told.add(cluster)
    return texts


class ShapedLine(Flowable):  # type: ignore[misc,unused-ignore]
    """One line, set smaller where it would be wider than there is room."""

    def __init__(self, line: Sequence[Run], *, size: float, leading: float) -> None:
        super().__init__()
        self._line, self._size, self._leading = line, size, leading
        self._width = sum(run.width for run in line)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self._size = max(SMALLEST_SIZE, min(self._size, available_width * 1000 / self._width))
        return min(available_width, self._width * self._size / 1000), self._leading

    def draw(self) -> None:
        scale, x = self._size / 1000, 0.0
        for run in self._line:
            if run.actual_text is not None:
                utf16 = run.actual_text.encode("utf-16-be").hex().upper()
                self.canv._code.append(f"/Span <</ActualText <FEFF{utf16}>>> BDC")
            for glyph in run.glyphs:
                self.canv.setFont(glyph.font, self._size)
                height = self._leading - self._size + glyph.y * scale
                self.canv.drawString((x + glyph.x) * scale, height, glyph.character)
            if run.actual_text is not None:
                self.canv._code.append("EMC")
            x += run.width
