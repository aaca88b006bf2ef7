"""Work over all departments happens in a few known places: claiming due work, purging, finding whose row is meant."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "services"
OVER_ALL = {"ALL_TENANTS", "PLATFORM"}
PLACES: dict[str, dict[str, str]] = {
    "elicence": {
        "expire_ended": "claims due work", "purge_presentations": "purges",
    },
    "matter": {
        "sweep": "claims due work", "keep_time": "claims due work", "purge_materials": "purges",
        "number_documents": "claims due work",
        "_put_off": "puts off what cannot be read, whoever's it is",
        "ticket_of": "finds whose file a ticket is for; who knows the ticket may use it",
        "take_callbacks": "finds whose case an outside system answers; its key says whose it may answer",
    },
    "notification": {
        "_deliver_class": "claims due work", "purge_messages": "purges", "run_jobs": "claims due work",
        "drop_files": "purges", "_awaited": "finds whose job a ticket is for; who knows the ticket may use it",
        "identify_notify_caller": "finds whose key signed a request; the app works in its own tenant alone",
        "record_receipts": "finds whose message a carrier reports, which knows no departments",
    },
}


def over_all_tenants(service: Path) -> Iterator[str]:
    """Names of the functions that begin a transaction without naming a department."""
    for path in sorted(service.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(map(_is_over_all, ast.walk(function))):
                yield function.name


def _is_over_all(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr not in ("begin", "reading", "begin_for") or "transactions" not in ast.unparse(node.func.value):
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return not given or any(_names_all(one) for one in given)


def _names_all(given: ast.expr) -> bool:
    if isinstance(given, ast.Constant):
        return given.value in (None, "*")
    return isinstance(given, ast.Name) and given.id in OVER_ALL


@pytest.mark.parametrize("service", PLACES)
def test_only_known_places_work_over_all_departments(service: str) -> None:
    assert sorted(set(over_all_tenants(ROOT / service))) == sorted(PLACES[service])
