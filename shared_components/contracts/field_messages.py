"""marshmallow's field messages in Chinese.

A message of our own is written as `Bilingual` where it is declared; this table is for those of the library.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared_components.kernel.bilingual import Bilingual

MESSAGES: Mapping[str, str] = {
    "Missing data for required field.": "必填项缺失。",
    "Field may not be null.": "不能为空（null）。",
    "Unknown field.": "未知字段。",
    "Invalid input type.": "类型不正确，应为对象。",
    "Invalid type.": "类型不正确。",
    "Invalid value.": "取值无效。",
    "Invalid input.": "取值不允许。",
    "Not a valid list.": "应为列表。",
    "Not a valid mapping type.": "应为对象。",
    "Not a valid string.": "应为字符串。",
    "Not a valid utf-8 string.": "应为 UTF-8 字符串。",
    "Not a valid number.": "应为数字。",
    "Not a valid integer.": "应为整数。",
    "Number too large.": "数字过大。",
    "Special numeric values (nan or infinity) are not permitted.": "不允许 NaN 或无穷大。",
    "Not a valid boolean.": "应为 true 或 false。",
    "Not a valid URL.": "不是有效的网址。",
    "Not a valid email address.": "不是有效的电子邮箱地址。",
    "String does not match expected pattern.": "格式不符合要求。",
    "Must be one of: {choices}.": "只能取：{choices}。",
    "Must be equal to {other}.": "必须等于 {other}。",
    "Length must be between {min} and {max}.": "长度应在 {min} 与 {max} 之间。",
    "Length must be {equal}.": "长度应为 {equal}。",
    "Shorter than minimum length {min}.": "长度不得小于 {min}。",
    "Longer than maximum length {max}.": "长度不得大于 {max}。",
    "Must be greater than or equal to {min} and less than or equal to {max}.": "应在 {min} 至 {max} 之间（含两端）。",
    "Must be greater than or equal to {min} and less than {max}.": "应不小于 {min} 且小于 {max}。",
    "Must be greater than {min} and less than or equal to {max}.": "应大于 {min} 且不大于 {max}。",
    "Must be greater than {min} and less than {max}.": "应大于 {min} 且小于 {max}。",
    "Must be greater than or equal to {min}.": "应不小于 {min}。",
    "Must be greater than {min}.": "应大于 {min}。",
    "Must be less than or equal to {max}.": "应不大于 {max}。",
    "Must be less than {max}.": "应小于 {max}。",
}
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_PATTERNS = [
    (re.compile(_PLACE.sub(r"(?P<\1>.*)", re.escape(english)), re.DOTALL), zh)
    for english, zh in MESSAGES.items() if "{" in english
]

MOST_FIELDS_TOLD = 50
LONGEST_NAME_TOLD = 64


def first_fields(messages: Any, most: int = MOST_FIELDS_TOLD) -> tuple[Any, int]:
    """The first field messages, nested as marshmallow nests them, and the number of messages that are left out.

    Names are the sender's: each is cut to LONGEST_NAME_TOLD characters, so that the error fits into a reply.
    """
    budget = [most]
    told = _take(messages, budget)
    return told, max(-budget[0], 0)


def _take(messages: Any, budget: list[int]) -> Any:
    """budget: messages that may still be told; negative: how many were left out."""
    if not isinstance(messages, Mapping):
        budget[0] -= 1
        return messages if budget[0] >= 0 else None
    told = {}
    for name, inner in messages.items():
        taken = _take(inner, budget)
        if taken is not None and taken != {}:
            told[name[:LONGEST_NAME_TOLD] if isinstance(name, str) else name] = taken
    return told


def in_both_languages(messages: Any) -> Any:
    """Field messages, nested as marshmallow nests them, as Bilingual; an unknown message stays English."""
    if isinstance(messages, str):
        return _message(messages)
    if isinstance(messages, Mapping):
        return {key: in_both_languages(inner) for key, inner in messages.items()}
    if isinstance(messages, list):
        return [in_both_languages(inner) for inner in messages]
    return messages


def _message(english: str) -> str:
    if isinstance(english, Bilingual):
        return english
    if english in MESSAGES:
        return Bilingual(english, MESSAGES[english])
    for pattern, zh in _PATTERNS:
        if found := pattern.fullmatch(english):
            return Bilingual(english, zh.format(**found.groupdict()))
    return english
