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


def needs_rabbitmq(block: Block) -> bool:
    """Programs for a process of their own: aiormq speaks AMQP only, stock nameko has none of our packages in its
    process, and real threads must not meet the greenlets of the platform's."""
    return any(word in block.text for word in ("AsyncBusClient", "nameko", "ThreadPoolExecutor"))


def told_output(page: list[Block], index: int) -> str | None:
    """Give the output that the page shows for a block: after its commands, or in the text block right after it."""
    block = page[index]
    if block.language == "console":
        return "".join(output for _, output in commands(block))
    follower = page[index + 1] if index + 1 < len(page) else None
    if follower is not None and follower.language in ("text", "json") and not follower.after.strip():
        return follower.text
    return None


_VARYING = (
    (re.compile(r"\b[a-z]+_[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r'(?<="trace_id": ")[0-9a-f]{32}'), "<trace>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)"), "<time>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r'(?:(?<="pay_code": ")|(?<=缴款码 ))\d{20}'), "<pay code>"),
    (re.compile(r"(?<=/pay/)[0-9a-f]{32}"), "<payment>"),
)


def without_what_varies(text: str) -> str:
    """Ids, times and addresses differ from run to run."""
    for pattern, name in _VARYING:
        text = pattern.sub(name, text)
    return text.strip()
