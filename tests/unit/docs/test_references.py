"""Paths, modules, make targets and decisions that documents and docstrings name exist."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, prose

PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")})
# Tells of the past.
HISTORY = {ROOT / "CHANGELOG.md"}
DECISIONS = ROOT / "docs" / "adr"
TOP = r"(?:shared_components|services|tests|deploy|docs)"
SOURCES = sorted(
    path for folder in ("shared_components", "services", "tests") for path in (ROOT / folder).rglob("*.py"))
PATH = re.compile(rf"(?<![\w./<{{-]){TOP}/[\w./-]*[\w-]")
MAKE = re.compile(r"`make ([a-z][a-z-]*)")
DECISION = re.compile(r"\bADR (\d{3})\b")
# A reader makes these, or `zhongtai new-service` does.
MADE_LATER = re.compile(
    r"services/(?:archive|NAME)\b|tests/unit/(?:archive\b|<)|tests/test_payment_contract|deploy/\.env")


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8")))


def decisions() -> set[str]:
    return {path.name[:3] for path in DECISIONS.glob("[0-9]*.md")}


def docstrings(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return "\n".join(ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds))


def dead(text: str) -> list[str]:
    paths = [f"path {found}" for found in PATH.findall(text) if not exists(found) and not MADE_LATER.match(found)]
    return [
        *paths, *(f"make {name}" for name in MAKE.findall(text) if name not in targets()),
        *(f"ADR {number}" for number in DECISION.findall(text) if number not in decisions()),
    ]


def exists(path: str) -> bool:
    """A file or folder; also a module or name within one: `shared_components/bus/errors`."""
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists() or path.removeprefix("docs/adr/") in decisions()


@pytest.mark.parametrize("page", [page for page in PAGES if page not in HISTORY],
                         ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_nothing_that_is_not_there(page: Path) -> None:
    assert dead(prose(page)) == []


def test_docstrings_name_nothing_that_is_not_there() -> None:
    found = {str(path.relative_to(ROOT)): wrong for path in SOURCES if (wrong := dead(docstrings(path)))}
    assert found == {}


def test_every_decision_is_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted(DECISIONS.glob("[0-9]*.md")) if f"]({path.name})" not in index] == []


@pytest.mark.parametrize(("text", "wrong"), [
    ("see tests/faults/nothing.py", ["path tests/faults/nothing.py"]), ("run `make tea`", ["make tea"]),
    ("as ADR 999 says", ["ADR 999"]), ("see shared_components/kernel/errors.py and `make test`, ADR 001", []),
])
def test_a_dead_reference_is_found(text: str, wrong: list[str]) -> None:
    assert dead(text) == wrong
