"""README.md's table of stock nameko's defects is true: what it names exists, and nothing is missing from it."""
from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.integration.bus.scenarios import SCENARIOS

HERE = Path(__file__).parent
STOCK = HERE.parent / "bus_stock"
ROWS_OF_THE_DESIGN = 15


def table() -> list[tuple[str, set[str], set[str]]]:
    """(situation, stock tests, our tests), row by row."""
    lines = [line for line in (HERE / "README.md").read_text().splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [(situation, names_in(stock), names_in(ours)) for situation, stock, ours in rows]


def names_in(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def named_tests(folder: Path) -> set[str]:
    return {
        node.name for path in folder.glob("test_*.py") for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }  # fmt: skip


def test_every_situation_has_a_stock_test_and_one_of_ours() -> None:
    rows = table()
    assert len(rows) == ROWS_OF_THE_DESIGN
    for situation, stock, ours in rows:
        assert stock and ours, situation


def test_what_the_table_names_exists() -> None:
    stock = {name for _, names, _ in table() for name in names}
    ours = {name for _, _, names in table() for name in names}
    assert stock - named_tests(STOCK) == set()
    assert ours - named_tests(HERE) - set(SCENARIOS) == set()


def test_every_stock_test_stands_in_the_table() -> None:
    assert named_tests(STOCK) == {name for _, names, _ in table() for name in names}


def test_every_stock_test_is_marked_as_such() -> None:
    for path in STOCK.glob("test_*.py"):
        assert "pytest.mark.stock" in path.read_text(), path.name
