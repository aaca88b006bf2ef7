"""A service of one topic gets a second one: its rooms move from its root into a folder of their own."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from shared_components.cli.new_service.names import ROOMS
from shared_components.runtime.discovery import SERVICES


def rooms_at_root(folder: Path) -> list[Path]:
    """Give the rooms at the root of a service without topics; one with topics may keep shared schemas there."""
    if any(folder.glob("*/domain")) or any(folder.glob("*/domain.py")):
        return []
    return [path for room in ROOMS for path in (folder / room, folder / f"{room}.py") if path.exists()]


def move_rooms(root: Path, name: str, topic: str) -> None:
    """Move the rooms at the service's root into the topic, and let all imports of the checkout follow."""
    folder = root / SERVICES / name
    target = folder / topic
    target.mkdir()
    (target / "__init__.py").write_text(f'"""{topic.capitalize()} of {name}."""\n', encoding="utf-8")
    for room in rooms_at_root(folder):
        room.rename(target / room.name)
    for path in _python_files(root):
        before = path.read_text(encoding="utf-8")
        after = with_moved_imports(before, name, topic)
        if after != before:
            path.write_text(after, encoding="utf-8")


def with_moved_imports(source: str, name: str, topic: str) -> str:
    """Let a module's imports, and names in strings, follow rooms that moved into a topic."""
    rooms = "|".join(ROOMS)
    source = re.sub(rf"\b{SERVICES}\.{name}\.({rooms})\b", rf"{SERVICES}.{name}.{topic}.\1", source)
    return re.sub(
        rf"(?m)^( *)from {SERVICES}\.{name} import ([\w, ]+)$", lambda line: _split(line, name, topic), source)


def _split(line: re.Match[str], name: str, topic: str) -> str:
    """`from services.archive import schemas, service`: only rooms have moved."""
    names = [one.strip() for one in line[2].split(",")]
    moved = [one for one in names if one.split()[0] in ROOMS]
    stay = [one for one in names if one not in moved]
    packages = ((f"{SERVICES}.{name}.{topic}", moved), (f"{SERVICES}.{name}", stay))
    return "\n".join(f"{line[1]}from {package} import {', '.join(some)}" for package, some in packages if some)


def _python_files(root: Path) -> Iterator[Path]:
    for folder in (SERVICES, "shared_components", "tests"):
        yield from (root / folder).rglob("*.py")
