"""One rule says which JSON numbers are integers: the fields of contracts and the fields of forms agree."""
from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import ValidationError

from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.forms import check_form
from shared_components.contracts.strict_fields import Integer
from shared_components.kernel.integers import as_integer

FORM = {"type": "object", "properties": {"copies": {"type": "integer"}}}
INTEGERS = [(2, 2), (2.0, 2), (-0.0, 0), (-3.0, -3), (5e1, 50)]
OTHERS = [2.5, True, False, "2", None, float("inf"), float("nan"), 1e300, 2.0**54]


def of_contract(value: Any) -> Any:
    try:
        return Integer().deserialize(value)
    except ValidationError:
        return None


def of_form(value: Any) -> Any:
    try:
        return check_form(FORM, {"copies": value}, complete=True)["copies"]
    except FormInvalid:
        return None


@pytest.mark.parametrize(("value", "integer"), INTEGERS)
def test_an_integer_may_be_written_with_a_point(value: Any, integer: int) -> None:
    read = [as_integer(value), of_contract(value), of_form(value)]
    assert [(type(one), one) for one in read] == [(int, integer)] * 3
    assert Draft202012Validator({"type": "integer"}).is_valid(value)


@pytest.mark.parametrize("value", OTHERS)
def test_other_values_are_no_integers(value: Any) -> None:
    assert [as_integer(value), of_contract(value), of_form(value)] == [None] * 3
