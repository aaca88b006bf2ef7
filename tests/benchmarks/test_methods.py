"""Every method has a row: a value, or the reason why it is not measured. No time decides anything."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared_components.contracts import examples
from shared_components.runtime.discovery import contract_of, service_names
from tests.benchmarks.methods import recipes
from tests.benchmarks.methods.recipes import NoRecipe, NotMeasured, methods, recipe_of
from tests.benchmarks.methods.run import method_rows
from tests.benchmarks.report import results
from tests.benchmarks.rounds import Measured
from tests.benchmarks.rows import OURS, Row, Side, chosen

METHODS = sorted(methods())


@pytest.mark.parametrize("name", METHODS)
def test_the_arguments_of_every_method_can_be_made_or_it_says_why_not(name: str) -> None:
    recipe = recipe_of(name)
    if isinstance(recipe, NotMeasured):
        assert len(recipe.reason) > 20
    else:
        assert recipe.caller in methods()[name].callers


def test_there_is_no_recipe_of_a_method_that_is_gone() -> None:
    for service in service_names():
        assert set(recipes._own(service)) <= set(contract_of(service).methods), service


def test_every_method_has_a_row() -> None:
    assert {row.name for row in method_rows()} == {f"methods.{name}" for name in METHODS}
    assert [row.name for row in chosen("methods.elicence.get", method_rows())] == ["methods.elicence.get"]


def test_a_method_that_changes_something_needs_a_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "_own", lambda service: {})
    with pytest.raises(NoRecipe, match="add one to tests/benchmarks/methods/elicence"):
        recipe_of("elicence.issue")


def test_an_example_with_the_id_of_an_unknown_thing_is_no_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = {"get": {"request": {"parcel_id": "prc_1"}}}
    monkeypatch.setattr(recipes, "_own", lambda service: {})
    monkeypatch.setattr(examples, "_read", lambda path: examples.Examples(strange, {}))
    with pytest.raises(NoRecipe, match="parcel_id"):
        recipe_of("elicence.get")


def test_a_method_that_is_not_measured_has_a_row_without_a_value() -> None:
    measured = Measured(Row("methods.a.b", Side("methods", "a.b"), alone=True), "nobody can")
    (entry,) = results([measured])
    assert entry["value"] is None and entry["reason"] == "nobody can"


def test_a_row_is_told_as_a_share_of_its_limit() -> None:
    ours = Measured(Row("a", Side("bus", "a")))
    limit = Measured(Row("a.limit", Side("limits", "a"), beside="a"))
    rival = Measured(Row("b.rival", Side("nats", "b"), beside="b"))
    for one, rate in ((ours, 700.0), (limit, 1000.0), (rival, 10.0)):
        one.rounds[OURS].append({"rate": rate, "p50_ms": 1.0, "p99_ms": 2.0})
    assert [entry.get("share") for entry in results([ours, limit, rival])] == [None, 0.7, None]


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(170)
def test_methods_are_measured_and_the_slowest_stands_first(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--quick",
         "--only", "methods.elicence.get,methods.elicence.issue,methods.notification.cancel",
         "--output", str(tmp_path)],
        capture_output=True, text=True, timeout=160, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads((tmp_path / "results.json").read_text())
    values = [one["value"] for one in found]
    assert values[:2] == sorted(values[:2]) and values[0] > 0 and values[2] is None
    assert 0 < found[0]["p50_ms"] <= found[0]["p99_ms"]
