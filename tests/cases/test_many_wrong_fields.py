"""A request with very many wrong fields gets a short typed error that fits into a reply."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared_components.bus.errors import InvalidArguments
from shared_components.contracts.field_messages import LONGEST_NAME_TOLD, MOST_FIELDS_TOLD, first_fields
from tests.cases.racing import Racer, racer

MANY = 20_000
SHORT = 16_384


@pytest.fixture
def identity(tmp_path: Path) -> Iterator[Racer]:
    with racer("identity", f"sqlite:///{tmp_path}/identity.db", tmp_path) as racing:
        yield racing


def refusal(racing: Racer, **arguments: Any) -> InvalidArguments:
    (outcome,) = racing.outcomes("get_subject", [arguments])
    assert isinstance(outcome, InvalidArguments)
    return outcome


def test_very_many_unknown_fields_are_told_shortly(identity: Racer) -> None:
    error = refusal(identity, **{f"key{n}": 1 for n in range(MANY)})
    assert len(orjson.dumps(error.to_wire())) < SHORT
    assert len(error.details["fields"]) <= MOST_FIELDS_TOLD
    assert f"and {MANY + 1 - MOST_FIELDS_TOLD} more" in str(error)


def test_a_very_long_name_is_cut(identity: Racer) -> None:
    error = refusal(identity, **{"k" * 100_000: 1})
    assert len(orjson.dumps(error.to_wire())) < SHORT
    assert "k" * LONGEST_NAME_TOLD in error.details["fields"]


def test_wrong_entries_of_a_long_list_are_told_shortly() -> None:
    told, left_out = first_fields({"lines": {n: {"amount": ["Not a valid integer."]} for n in range(MANY)}})
    assert len(told["lines"]) == MOST_FIELDS_TOLD
    assert left_out == MANY - MOST_FIELDS_TOLD


def test_few_wrong_fields_are_told_whole() -> None:
    fields = {"a": ["wrong"], "lines": {3: {"b": ["wrong", "also wrong"]}}}
    assert first_fields(fields) == (fields, 0)
