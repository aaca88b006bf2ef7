"""A service's refusal, as the command line tells it."""
from __future__ import annotations

import pytest

from shared_components.cli.errors import report
from shared_components.kernel.errors import InvalidInput


def test_a_refusal_says_what_is_wrong_with_each_field(capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"payer": ["Unknown field."], "lines": {"0": {"quantity": ["Not a whole number."]}}}
    report(InvalidInput("wrong arguments", details={"fields": fields}))
    assert capsys.readouterr().err == (
        "zhongtai: wrong arguments (payer: Unknown field; lines.0.quantity: Not a whole number) [invalid-input]\n")
