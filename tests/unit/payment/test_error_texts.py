"""Every error that payment raises says what is wrong in English and in Chinese."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, python_files

PAYMENT = ROOT / "services" / "payment"
OWN_PROVIDER = PAYMENT / "sandbox"
FILES = {path: tree for path, tree in python_files(PAYMENT) if OWN_PROVIDER not in path.parents}
ERRORS = {
    node.name for path, tree in FILES.items() if path.name == "errors.py"
    for node in tree.body if isinstance(node, ast.ClassDef)}


def in_one_language(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that make an error with a message which is a bare text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            message = node.args[0]
            if isinstance(message, ast.JoinedStr | ast.Constant):
                yield node.lineno


def test_no_error_is_raised_in_one_language() -> None:
    found = [f"{Path(path).relative_to(ROOT)}:{line}" for path, tree in FILES.items() for line in in_one_language(tree)]
    assert found == []


def test_a_text_in_one_language_is_found() -> None:
    assert list(in_one_language(ast.parse("raise OrderUnknown(f'order {x} does not exist')"))) == [1]
    assert not list(in_one_language(ast.parse("raise OrderUnknown(Bilingual('no order', '没有订单'))")))
