"""The details of errors are written in English and Chinese where they are raised (docs/adr/040)."""
from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT

FOLDERS = ("services", "shared_components")
# How many errors of an area are told in English alone. A number may only fall, and is lowered with what was mended.
ENGLISH_YET: Mapping[str, int] = {
    # Read by those who start a platform or write a service.
    "shared_components/configuration": 3, "shared_components/contracts": 7, "shared_components/runtime": 9,
}
# Errors of programs for developers and operators, whose output is English.
ENGLISH = (
    "shared_components/devstack", "shared_components/cli", "shared_components/testing", "shared_components/inproc")


@cache
def trees() -> dict[Path, ast.Module]:
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def error_classes() -> frozenset[str]:
    """The names of AppError and of all classes below it."""
    bases = {
        node.name: [_last_name(base) for base in node.bases]
        for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    found = {"AppError"}
    while more := {name for name, above in bases.items() if name not in found and found & set(above)}:
        found |= more
    return frozenset(found)


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def english_details(tree: ast.AST) -> Iterator[int]:
    """The lines on which an error is made with a plain text."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Call) and node.args and _last_name(node.func) in error_classes()
                and isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)):
            yield node.lineno


def found() -> dict[str, list[str]]:
    """Area → places. An area is two folders deep, so that a file may move within."""
    areas: dict[str, list[str]] = {}
    for path, tree in trees().items():
        relative = path.relative_to(ROOT)
        area = "/".join(relative.parts[:2])
        if area not in ENGLISH:
            areas.setdefault(area, []).extend(f"{relative}:{line}" for line in english_details(tree))
    return areas


@pytest.mark.parametrize("area", sorted(found()))
def test_the_details_of_errors_are_said_in_both_languages(area: str) -> None:
    places = found()[area]
    assert len(places) <= ENGLISH_YET.get(area, 0), f"say these as Bilingual(…, …): {places}"


@pytest.mark.parametrize(("source", "lines"), [
    ("raise errors.NotFound('no such thing')", [1]), ("raise Conflict(f'{thing} is closed')", [1]),
    ("x = Forbidden('a' + b)", [1]), ("raise Conflict(Bilingual('closed', '已关闭'))", []), ("raise Conflict", []),
    ("raise Conflict(refused.text)", []), ("raise ValueError('a bug')", []),
])
def test_an_english_detail_is_found(source: str, lines: list[int]) -> None:
    assert list(english_details(ast.parse(source))) == lines
