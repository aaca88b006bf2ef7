"""The documentation as tests read it: code blocks, headings and links of a Markdown file."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
README, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
GUIDES = ROOT / "docs" / "guides"

_FENCE = re.compile(r"(?ms)^```(?P<language>[a-z]*)[^\n]*\n(?P<text>.*?)^```$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"(?m)^(#{1,6}) +(.+)$")


@dataclass(frozen=True)
class Block:
    """One fenced block. line: of its fence, for messages; after: the text between the block before and this one."""

    path: Path
    line: int
    language: str
    text: str
    after: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


def blocks(path: Path) -> list[Block]:
    text, found, end = path.read_text(encoding="utf-8"), [], 0
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(path, line, match["language"], match["text"], text[end:match.start()]))
        end = match.end()
    return found


def commands(block: Block) -> list[tuple[str, str]]:
    """(command, output) of a console block: a command begins with `$ `, a backslash continues it."""
    found: list[tuple[str, str]] = []
    for line in re.sub(r"\\\n\s*", "", block.text).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def prose(path: Path) -> str:
    """A file without its code blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def headings(path: Path) -> list[tuple[int, str]]:
    """(level, title) in order."""
    return [(len(signs), title.strip()) for signs, title in _HEADING.findall(prose(path))]


def links(path: Path) -> list[str]:
    return _LINK.findall(prose(path))
