"""The rules for plain English that can be tested: how a docstring begins, and words that cannot be searched for."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.unit.docs.pages import ROOT

FOLDERS = ("shared_components", "services", "tests")
# How often the docstrings of an area still break a rule. A number may only fall, and is lowered with what was mended.
STILL: Mapping[str, int] = {
    "tests/unit": 14,
}
BEGINNING = re.compile(r"(?:What|Who|Whoever|Of|Else|That)\b")
WORDS = re.compile(r"\b(?:that is none|that are none|is none\b|bury|buries|buried|seldom|meanwhile)", re.IGNORECASE)


def docstrings(path: Path) -> Iterator[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, kinds) and (said := ast.get_docstring(node)):
            yield said


def breaches(said: str) -> int:
    return bool(BEGINNING.match(said)) + len(WORDS.findall(said))


def found() -> dict[str, dict[str, int]]:
    """Area → file → breaches. An area is two folders deep, so that a file may move within."""
    areas: dict[str, dict[str, int]] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if number := sum(map(breaches, docstrings(path))):
                relative = path.relative_to(ROOT)
                areas.setdefault("/".join(relative.parts[:2]), {})[str(relative)] = number
    return areas


def test_docstrings_keep_the_rules_better_each_time() -> None:
    worse = {area: files for area, files in found().items() if sum(files.values()) > STILL.get(area, 0)}
    assert worse == {}, "a docstring begins with a verb or a noun phrase; see CONTRIBUTING.md, Style"


def test_a_breach_is_seen() -> None:
    assert [breaches(said) for said in (
        "What a reader gets.", "Whoever asks.", "Whatever is asked.", "Ask, unless the name is none.", "The reply.",
    )] == [1, 1, 0, 1, 0]
