"""A guide and its Chinese edition show the same commands, code, names and tables."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.docs.pages import GUIDES, blocks, headings, prose

TRANSLATED = sorted(GUIDES.glob("*.zh-CN.md"))
CODE = re.compile(r"`([^`\n]+)`")
# Names and commands are the same in both; a sentence in Chinese may repeat one less or more often.
CHINESE_ONLY = {'error.message_in("zh-CN")'}


def original(path: Path) -> Path:
    return path.with_name(path.name.replace(".zh-CN.md", ".md"))


def tables(path: Path) -> list[list[str]]:
    """First column of each row, of each table; a column of words is compared by its number of rows only."""
    found: list[list[str]] = []
    for part in re.findall(r"(?m)(?:^\|.*\n)+", prose(path)):
        rows = [row.split("|")[1].strip() for row in part.splitlines()]
        found.append([row if row.startswith(("`", "---")) else "" for row in rows])
    return found


@pytest.mark.parametrize("chinese", TRANSLATED, ids=lambda path: path.name)
def test_commands_and_code_are_the_same(chinese: Path) -> None:
    assert [(one.language, one.text) for one in blocks(chinese)] == [
        (one.language, one.text) for one in blocks(original(chinese))]


@pytest.mark.parametrize("chinese", TRANSLATED, ids=lambda path: path.name)
def test_tables_have_the_same_rows(chinese: Path) -> None:
    assert tables(chinese) == tables(original(chinese))


@pytest.mark.parametrize("chinese", TRANSLATED, ids=lambda path: path.name)
def test_sections_come_in_the_same_order(chinese: Path) -> None:
    assert [level for level, _ in headings(chinese)] == [level for level, _ in headings(original(chinese))]


@pytest.mark.parametrize("chinese", TRANSLATED, ids=lambda path: path.name)
def test_the_same_names_are_told(chinese: Path) -> None:
    said, told = (Counter(CODE.findall(prose(path))) for path in (original(chinese), chinese))
    assert set(said) - set(told) == set()
    assert set(told) - set(said) - CHINESE_ONLY == set()


@pytest.mark.parametrize("guide", ["app-teams", "operations", "webhooks"])
def test_guides_for_those_who_use_the_platform_are_in_chinese_too(guide: str) -> None:
    assert f"{guide}.zh-CN.md" in [path.name for path in TRANSLATED]
    assert f"]({guide}.zh-CN.md)" in (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
