"""The rules for plain English that can be tested: how a docstring begins, and words that only their author can search."""
from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.unit.docs.pages import ROOT

FOLDERS = ("shared_components", "services", "tests")
# Files that still break a rule, with how often. Numbers may fall, and files leave; none may be added.
EXCEPTIONS = Path(__file__).with_name("style_exceptions.json")
BEGINNING = re.compile(r"(?:What|Who|Whoever|Of|Else|That)\b")
WORDS = re.compile(r"\b(?:that is none|that are none|is none\b|bury|buries|buried|seldom|meanwhile)", re.IGNORECASE)


def docstrings(path: Path) -> Iterator[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, kinds) and (said := ast.get_docstring(node)):
            yield said


def breaches(said: str) -> int:
    return bool(BEGINNING.match(said)) + len(WORDS.findall(said))


def found() -> dict[str, int]:
    counts: Counter[str] = Counter()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            counts[str(path.relative_to(ROOT))] += sum(map(breaches, docstrings(path)))
    return {path: number for path, number in sorted(counts.items()) if number}


def test_docstrings_keep_the_rules_or_are_known_not_to() -> None:
    allowed = json.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    worse = {path: number for path, number in found().items() if number > allowed.get(path, 0)}
    assert worse == {}, "a docstring begins with a verb or a noun phrase; see CONTRIBUTING.md, Style"


def test_the_list_of_exceptions_only_shrinks() -> None:
    """A file that got better, or is gone, leaves the list: `python -m tests.unit.docs.test_style` writes it."""
    allowed, now = json.loads(EXCEPTIONS.read_text(encoding="utf-8")), found()
    assert {path: number for path, number in allowed.items() if now.get(path, 0) < number} == {}


def test_a_breach_is_seen() -> None:
    assert [breaches(said) for said in (
        "What a reader gets.", "Whoever asks.", "Whatever is asked.", "Ask, unless the name is none.", "The reply.",
    )] == [1, 1, 0, 1, 0]


if __name__ == "__main__":
    EXCEPTIONS.write_text(json.dumps(found(), indent=1) + "\n", encoding="utf-8")
