"""The repository as these tests see it: its tracked files, its services, their contracts."""
from __future__ import annotations

import ast
import functools
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """The files that git tracks; in an unpacked archive, which has no git, every file but those of tools."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return tuple(ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    hidden = (".venv", ".git", "var", "build", "__pycache__")
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not set(hidden) & set(path.parts))


def services() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))


def contracts() -> dict[str, dict[str, Any]]:
    found = sorted((ROOT / "services").glob("*/contract.json"))
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in found}


def python_files(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.AST) -> tuple[str, ...]:
    """`self.client.payment.create_order` as its names; a call or subscript in between counts as nothing."""
    names: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=inner, attr=name):
                names.append(name)
                node = inner
            case ast.Call(func=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Name(id=name):
                return tuple(reversed([*names, name]))
            case _:
                return tuple(reversed(names))
