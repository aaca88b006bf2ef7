"""A person who fills in a form of a matter reads what is wrong with each field in her own language."""
from __future__ import annotations

from typing import Any

import pytest

from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.forms import check_form

FORM: dict[str, Any] = {
    "type": "object", "required": ["address"],
    "properties": {
        "address": {"type": "string", "minLength": 5, "maxLength": 10},
        "reason": {"type": "string", "enum": ["work", "study"]},
        "persons": {"type": "integer", "minimum": 1, "maximum": 9},
        "moved_on": {"type": "string", "format": "date"},
        "number": {"type": "string", "pattern": "^[0-9]{3}$"},
    },
}


@pytest.mark.parametrize(("values", "field", "told"), [
    ({}, "address", "未填写"),
    ({"address": "湖滨"}, "address", "少于 5 个字符"),
    ({"address": "湖" * 11}, "address", "超过 10 个字符"),
    ({"address": 5}, "address", "类型不正确；应为文字"),
    ({"address": ["湖滨路1号"]}, "address", "类型不正确；应为文字"),
    ({"address": "湖滨路1号", "reason": "rest"}, "reason", "不在可选项中；可选：work, study"),
    ({"address": "湖滨路1号", "persons": 0}, "persons", "小于 1"),
    ({"address": "湖滨路1号", "persons": 10}, "persons", "大于 9"),
    ({"address": "湖滨路1号", "moved_on": "2025-02-30"}, "moved_on", "格式不正确，应为 date"),
    ({"address": "湖滨路1号", "number": "12"}, "number", "格式不符合要求：^[0-9]{3}$"),
    ({"address": "湖滨路1号", "wish": ""}, "wish",
     "不是本表单的字段；字段有：address, reason, persons, moved_on, number"),
])
def test_each_mistake_of_a_form_is_told_in_chinese_too(values: dict[str, Any], field: str, told: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        check_form(FORM, values, complete=True)
    assert refused.value.fields_in("zh") == {field: [told]}
    assert refused.value.fields_in("en") != refused.value.fields_in("zh")
    assert refused.value.to_wire()["zh"]["fields"] == {field: [told]}, "it crosses the bus"
