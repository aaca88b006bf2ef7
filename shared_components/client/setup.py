"""Add the files of the platform that the client shares to its wheel: what its modules import, and no more."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = "shared_components"


def shared_files() -> list[Path]:
    """Paths of the shared modules, relative to the checkout, with the packages that they lie in."""
    waiting = list((HERE / "zhongtai_client").rglob("*.py"))
    found: set[Path] = set()
    while waiting:
        for name in _imports(waiting.pop()):
            for path in _paths(name):
                if path not in found:
                    found.add(path)
                    waiting.append(path)
    return sorted(path.relative_to(ROOT) for path in found)


def _imports(path: Path) -> Iterator[str]:
    for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(f"{SHARED}."):
            yield node.value.partition(":")[0]  # a class that is named, such as kombu's transports


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only the type checker sees."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield from _running(child)


def _paths(name: str) -> Iterator[Path]:
    """The module's file and those of the packages around it; nothing for a name that is no module of ours."""
    if name.split(".")[0] != SHARED:
        return
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        folder = ROOT.joinpath(*parts[:end])
        for path in (folder / "__init__.py", folder.with_suffix(".py")):
            if path.is_file():
                yield path


class BuildWithShared(build_py):
    """Copies the shared files as they are: an environment with the platform has the same ones."""

    def run(self) -> None:
        super().run()
        if not (ROOT / SHARED).is_dir():
            raise SystemExit("zhongtai-client is built in a checkout of the platform; its shared files are not here")
        for path in shared_files():
            target = Path(self.build_lib) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            self.copy_file(str(ROOT / path), str(target))


commands: dict[str, Any] = {"build_py": BuildWithShared}
setup(cmdclass=commands)
