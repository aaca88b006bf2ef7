from __future__ import annotations

import json

import jsonschema
import pytest
from marshmallow import fields, validate

from shared_components.contracts import Message, service_contract
from shared_components.contracts.export import contract_text, export_contract
from shared_components.contracts.json_schema import ContractInvalid, json_schema
from shared_components.contracts.patterns import json_pattern
from shared_components.contracts.schema_diff import input_changes
from tests.unit.contracts.example import Take, Ticket, TicketService

EXPORTED = export_contract(service_contract(TicketService))


def test_a_contract_says_everything_a_caller_needs() -> None:
    take = EXPORTED["methods"]["take"]
    assert (EXPORTED["service"], EXPORTED["version"], EXPORTED["summary"]) == ("ticket", "1.2", "Gives tickets out.")
    assert take["summary"] == "Take a ticket"
    assert take["callers"] == ["app", "operator"]
    assert take["errors"] == ["ticket.taken"]
    assert take["mutating"] is take["public"] is True
    assert EXPORTED["errors"]["ticket.taken"] == {
        "category": "conflict", "http_status": 409,
        "texts": {"en": "The ticket is taken.", "zh": "号码已被领取。"},
    }
    assert EXPORTED["events"]["ticket-taken.v1"]["summary"] == "A ticket was taken."
    assert EXPORTED["consumes"] == ["payment.order-paid"]


def test_a_request_schema_takes_what_the_service_takes_and_nothing_else() -> None:
    schema = EXPORTED["methods"]["take"]["request"]
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert validator.is_valid({"name": "x", "count": 1, "lines": [{"item_code": "a"}]})
    for wrong in ({}, {"name": "x", "count": 0}, {"name": "x", "kind": "month"}, {"name": "x", "extra": 1},
                  {"name": "x", "internal": "y"}, {"name": "x", "lines": [{}]}):
        assert not validator.is_valid(wrong), wrong
    assert schema["properties"]["name"]["x-data-class"] == "personal"
    assert schema["properties"]["kind"]["default"] == "day"


def test_a_reply_schema_bears_new_fields_and_shows_no_secret_one() -> None:
    schema = EXPORTED["methods"]["take"]["reply"]
    assert "secret" not in schema["properties"]
    assert schema["properties"]["valid_on"] == {"type": ["string", "null"], "format": "date"}
    reply = {"ticket_id": "t", "owner": {"item_code": "a", "new": 1}, "later": True}
    assert jsonschema.Draft202012Validator(schema).is_valid(reply)


def test_the_text_is_the_same_every_time_and_readable() -> None:
    text = contract_text(service_contract(TicketService))
    assert text == contract_text(service_contract(TicketService))
    assert json.loads(text) == EXPORTED
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert "号码已被领取" in text


def test_an_exclusive_bound_stays_exclusive() -> None:
    count = json_schema(Take, "input")["properties"]["count"]
    assert (count["exclusiveMinimum"], count["maximum"]) == (0, 9)


def test_a_date_in_an_output_keeps_its_format() -> None:
    assert json_schema(Ticket, "output")["properties"]["valid_on"]["format"] == "date"


def test_a_schema_that_contains_itself_is_refused_by_name() -> None:
    class Loop(Message):
        inner = fields.List(fields.Nested(lambda: Loop()))

    with pytest.raises(ContractInvalid, match="'Loop' contains itself"):
        json_schema(Loop, "input")


@pytest.mark.parametrize(("python", "ecma"), [
    (r"^[0-9]{4}\Z", "^[0-9]{4}$"),
    ("[0-9]{4}", "^(?:[0-9]{4})"),
    ("a|b", "^(?:a|b)"),
    ("^a|b", "^(?:^a|b)"),
    ("^(a|b)$", "^(a|b)$"),
    (r"^[|]\|$", r"^[|]\|$"),
    (r"\A(?P<year>\d+)", r"^(?<year>\d+)"),
])
def test_a_pattern_is_written_for_readers_of_json_schema(python: str, ecma: str) -> None:
    assert json_pattern(python) == ecma
    assert json_pattern(ecma) == ecma


def test_a_schema_has_its_pattern_in_that_dialect() -> None:
    class Dated(Message):
        year = fields.String(validate=validate.Regexp(r"[0-9]{4}\Z"))

    year = json_schema(Dated, "input")["properties"]["year"]
    assert year["pattern"] == "^(?:[0-9]{4}$)"
    assert not [one for one in input_changes("x", {**year, "pattern": r"[0-9]{4}\Z"}, year) if one.breaking]


def test_the_size_of_an_object_is_no_length() -> None:
    class Form(Message):
        form = fields.Dict(validate=validate.Length(1, 3))

    form = json_schema(Form, "input")["properties"]["form"]
    validator = jsonschema.Draft202012Validator(form)
    assert [validator.is_valid(dict.fromkeys(range(size))) for size in (0, 1, 3, 4)] == [False, True, True, False]
    released = {"type": "object", "minLength": 1, "maxLength": 3}
    assert not [one for one in input_changes("x", released, form) if one.breaking]
    assert [one.where for one in input_changes("x", {**released, "maxLength": 4}, form) if one.breaking] == [
        "x maxProperties"]
