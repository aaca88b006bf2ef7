"""The benchmark itself, short: it checks what it finds against the rule by which its day was made."""
from __future__ import annotations

import pytest

from tests.benchmarks import reconcile
from tests.benchmarks.reconcile_world import expected_classes


def test_a_made_day_is_reconciled_as_the_rule_says() -> None:
    measured = reconcile.measure(3000, "sqlite")
    assert measured.lines == 3000
    assert expected_classes(3000)["payment", "missing_there"] == 3
    (result,) = reconcile.results([measured])
    assert result["name"] == "payment.reconcile.sqlite" and result["unit"] == "lines/s"


def test_a_wrong_result_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "expected_classes", lambda lines: {("payment", "matched"): lines})
    with pytest.raises(reconcile.WrongResult, match="missing_there"):
        reconcile.measure(1000, "sqlite")
