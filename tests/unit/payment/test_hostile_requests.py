"""Requests of payment with values that no client means: each is loaded, or refused at its field."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from marshmallow import ValidationError

from services.payment.orders.schemas.orders import METADATA_BYTES, CreateOrder
from services.payment.service import PaymentService
from shared_components.contracts.registry import service_contract

ORDER = {"payer_name": "测试人甲", "lines": [{"item_code": "103042801"}]}
DEEP: Any = []
for _ in range(600):
    DEEP = [DEEP]
HOSTILE: tuple[Any, ...] = (
    2**63, 2**64, -2**63 - 1, 10**400, 1e308, float("nan"), float("inf"), True, None, "", "\0", "\ud800", "1" * 5000,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31", "١", b"\xff", [], {}, DEEP, {"a": DEEP},
    {"a": 2**64}, {"a": ["\ud800"]}, {"\ud800": 1}, {"a": 10**5000}, [2**64], [{}], [{"item_code": "\ud800"}],
)  # fmt: skip


def fields_of_requests() -> Iterator[tuple[type[Any], str]]:
    for method in service_contract(PaymentService).methods.values():
        for name in method.request().fields:
            yield method.request, name


@pytest.mark.parametrize(("schema", "name"), sorted(fields_of_requests(), key=str))
def test_a_field_with_any_value_is_loaded_or_refused(schema: type[Any], name: str) -> None:
    for value in HOSTILE:
        with suppress(ValidationError):
            schema().load({name: value})


@pytest.mark.parametrize("value", [2**64, -2**63 - 1, "\ud800", DEEP])
def test_metadata_that_json_cannot_hold_is_refused_at_its_field_in_both_languages(value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        CreateOrder().load({**ORDER, "metadata": {"order": [value]}})
    (message,) = refused.value.normalized_messages()["metadata"]
    assert str(message).startswith("cannot be written as JSON") and "JSON" in message.zh


def test_metadata_of_the_largest_integer_and_size_is_taken() -> None:
    text = "x" * (METADATA_BYTES - len('{"a":18446744073709551615,"b":""}'))
    assert CreateOrder().load({**ORDER, "metadata": {"a": 2**64 - 1, "b": text}}).metadata["b"] == text
    with pytest.raises(ValidationError, match="longer than"):
        CreateOrder().load({**ORDER, "metadata": {"a": 2**64 - 1, "b": text + "x"}})
