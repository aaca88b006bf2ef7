"""Rules over several fields: marshmallow, the fast loader and JSON Schema judge every message alike."""
from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import ValidationError, fields

from shared_components.contracts import Message
from shared_components.contracts.fast_load import loader
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.rules import AtLeastOne, ExactlyOne, NeededWhen


class One(Message):
    rules = (ExactlyOne(("code", "identifier")),)
    code = fields.String(allow_none=True)
    identifier = fields.String(load_default=None, allow_none=True)


class Some(Message):
    rules = (AtLeastOne(("code", "identifier")),)
    code = fields.String()
    identifier = fields.String(allow_none=True)


class Letter(Message):
    rules = (NeededWhen("channel", "email", "address"), NeededWhen("channel", "inbox", "subject"))
    channel = fields.String(required=True)
    address = fields.String(load_default=None, allow_none=True)
    subject = fields.String(load_default=None, allow_none=True)


CASES: list[tuple[type[Message], dict[str, str | None]]] = [
    (schema, {name: value for name, value in zip(names, values, strict=True) if value is not ...})
    for schema, names in ((One, ("code", "identifier")), (Some, ("code", "identifier")))
    for values in product((..., None, "x"), repeat=2)
]
CASES += [
    (Letter, {"channel": channel, **{
        name: value for name, value in (("address", a), ("subject", s)) if value is not ...}})
    for channel, a, s in product(("email", "inbox", "other"), (..., None, "x"), (..., None, "x"))
]


@pytest.mark.parametrize(("schema", "data"), CASES)
def test_three_judges_agree(schema: type[Message], data: dict[str, Any]) -> None:
    said = Draft202012Validator(json_schema(schema, "input")).is_valid(data)
    assert _takes(lambda: schema().load(data)) == _takes(lambda: loader(schema())([data])) == said


def test_an_error_names_the_fields_and_what_is_allowed() -> None:
    with pytest.raises(ValidationError) as error:
        One().load({})
    allowed = ["Exactly one of code and identifier is allowed."]
    assert error.value.messages == {"code": allowed, "identifier": allowed}


def _takes(load: Any) -> bool:
    try:
        load()
    except ValidationError:
        return False
    return True
