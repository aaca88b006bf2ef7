"""Field messages exist in both languages: marshmallow's by a table, ours where they are declared."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from shared_components.contracts import Message
from shared_components.contracts.field_messages import MESSAGES, in_both_languages
from shared_components.contracts.rules import AtLeastOne, ExactlyOne, NeededWhen
from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.discovery import contract_of, service_names

FACTS: dict[str, Any] = {"choices": "a, b", "other": 3, "min": 1, "max": 9, "equal": 4}


class Sample(Message):
    rules = (ExactlyOne(("code", "name")), AtLeastOne(("code", "day")), NeededWhen("kind", "card", "name"))

    code = fields.String(validate=validate.Length(2, 3))
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(["card", "cash"]))
    day = fields.Date()
    count = fields.Integer(validate=validate.Range(min=1, max=9))
    at = fields.AwareDateTime()
    address = fields.IP()
    sure = fields.Boolean()
    share = fields.Float(required=True)
    parts = fields.List(fields.String())


def messages_of(data: object) -> Any:
    with pytest.raises(ValidationError) as refused:
        Sample().load(data)
    return in_both_languages(refused.value.normalized_messages())


@pytest.mark.parametrize("english", MESSAGES)
def test_a_message_of_marshmallow_is_said_in_chinese_with_its_facts(english: str) -> None:
    said = in_both_languages(english.format(**FACTS))
    assert said == english.format(**FACTS)
    assert said.zh == MESSAGES[english].format(**FACTS)


@pytest.mark.parametrize(("data", "field", "zh"), [
    ({"code": "long"}, "code", "长度应在 2 与 3 之间。"), ({"kind": "gold"}, "kind", "只能取：card, cash。"),
    ({"count": 10}, "count", "应在 1 至 9 之间（含两端）。"), ({"count": "1"}, "count", "应为整数。"),
    ({"day": "today"}, "day", "不是有效日期，格式应为 YYYY-MM-DD。"), ({}, "share", "必填项缺失。"),
    ({"at": "0001-01-01T00:00:00+08:00"}, "at", "不是有效时间：在 UTC 或中国时区超出公元 1 至 9999 年。"),
    ({"sure": "yes"}, "sure", "应为 true 或 false。"), ({"more": 1}, "more", "未知字段。"),
    ({"parts": "one"}, "parts", "应为列表。"), ({"name": None}, "name", "不能为空（null）。"),
    ({"share": 1, "day": "2026-01-01"}, "code", "code、name 须且只能填一项。"),
    ({"share": 1, "name": "x"}, "day", "code、day 至少填一项。"),
    ({"share": 1, "kind": "card", "code": "xx"}, "name", "kind 为“card”时必填。"),
])
def test_a_wrong_field_is_told_in_chinese(data: dict[str, object], field: str, zh: str) -> None:
    assert [message.zh for message in messages_of(data)[field]] == [zh]


def test_a_message_that_no_table_knows_stays_english() -> None:
    assert not isinstance(in_both_languages("Out of stock."), Bilingual)


def said_by(schema: Schema) -> Iterator[str]:
    """Yield the messages of a request's fields for wrong values, nested ones included."""
    for field in schema.fields.values():
        yield from said_by_field(field)


def said_by_field(field: Any) -> Iterator[str]:
    for key in ("required", "null", "invalid", "type"):
        if key in field.error_messages and not isinstance(field, fields.Nested):
            yield field.error_messages[key]
    for validator in field.validators:
        if error := getattr(validator, "error", None):
            yield error
    if isinstance(field, fields.Nested):
        yield from said_by(field.schema)
    if isinstance(field, fields.List):
        yield from said_by_field(field.inner)


@pytest.mark.parametrize("service", sorted(set(service_names()) - {"gateway"}))
def test_every_message_of_a_services_requests_is_said_in_chinese(service: str) -> None:
    english = {
        said for method in contract_of(service).methods.values() for said in said_by(method.request())
        if not isinstance(in_both_languages(said.format(**FACTS, input="x", regex="x")), Bilingual)
    }
    assert english == set()
