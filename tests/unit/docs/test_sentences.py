"""Sentences of the pages in English stay short: many readers have English as their second language."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, prose

LONGEST = 30
"""Words. About 20 is the aim (CONTRIBUTING.md, Style); code and names count as one word each."""
# How many sentences of a page are longer still. A number may only fall, and is lowered with what was mended.
STILL: Mapping[str, int] = {"fault-laboratory.md": 1, "performance.md": 6, "wire-format.md": 3}
PAGES = sorted({
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md"),
    *(path for path in (ROOT / "docs" / "guides").glob("*.md") if not path.name.endswith(".zh-CN.md")),
})
GENERATED = {"error-codes.md", "configuration.md", "glossary.md"}
_NO_PROSE = re.compile(r"(?m)^(?:\||#).*$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_CODE = re.compile(r"`[^`]*`")
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:- |\d+\. ))")
_END = re.compile(r"(?<=[.!?:])\s+")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a page without its code blocks; a colon ends one, as a list or a block may follow."""
    plain = _CODE.sub("code", _LINK.sub(r"\1", _NO_PROSE.sub("", text)))
    for paragraph in _PARAGRAPH.split(plain):
        yield from (one for one in _END.split(" ".join(paragraph.split())) if one)


def long_ones(text: str) -> list[str]:
    return [one for one in sentences(text) if len(one.split()) > LONGEST]


@pytest.mark.parametrize("path", [path for path in PAGES if path.name not in GENERATED], ids=lambda path: path.name)
def test_sentences_are_short(path: Path) -> None:
    found = long_ones(prose(path))
    assert len(found) <= STILL.get(path.name, 0), "\n".join(found)


def test_a_long_sentence_is_seen() -> None:
    many = "word " * 40
    text = f"# A heading {many}\n\n| a table {many} |\n\nShort. {'word ' * 31}end. `{many}` is one."
    assert [len(one.split()) for one in long_ones(text)] == [32]
