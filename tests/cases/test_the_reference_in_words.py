"""Every public method, event and field is described in Chinese and English, where it is declared."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared_components.contracts.diff import compare, refused
from shared_components.contracts.export import export_contract
from shared_components.contracts.json_schema import CHINESE
from shared_components.runtime.discovery import contract_of, service_names

CJK = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"TODO|TBD|FIXME|XXX|lorem|待补(?!正)|待定(?![时所为])|占位(?!符)|(?<!\w)\?\?", re.IGNORECASE)
CONTRACTS = {name: export_contract(contract_of(name)) for name in service_names()}
LONGEST = 400

Texts = tuple[str, str, str, str]


def in_schema(place: str, schema: dict[str, Any]) -> Iterator[Texts]:
    """(place, name, English, Chinese) of each property, all the way down."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{place}.{name}", name, inner.get("description", ""), inner.get(CHINESE, "")
        yield from in_schema(f"{place}.{name}", inner)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from in_schema(place + "[]", schema[key])


def all_texts(contract: dict[str, Any]) -> Iterator[Texts]:
    service = contract["service"]
    if contract["methods"]:
        yield service, service, contract["summary"], contract["summary_zh"]
    for name, method in contract["methods"].items():
        place = f"{service}.{name}"
        yield place, name, method["summary"], method["summary_zh"]
        yield from in_schema(f"{place} request", method["request"])
        yield from in_schema(f"{place} reply", method["reply"])
    for name, event in contract["events"].items():
        yield f"{service} event {name}", event["type"], event["summary"], event["summary_zh"]
        yield from in_schema(f"{service} event {name}", event["data"])


def words(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def mistakes(name: str, english: str, chinese: str) -> Iterator[str]:
    if not english or not chinese:
        yield "lacks " + " and ".join(
            language for language, text in (("English", english), ("Chinese", chinese)) if not text)
        return
    if english == chinese:
        yield "says the same in both languages"
    if not CJK.search(chinese):
        yield "has no Chinese character in its Chinese text"
    if len(CJK.findall(english)) > len(english) / 2:
        yield "has an English text in Chinese"
    if not english.endswith("."):
        yield "has an English text that is no sentence"
    if words(english) == words(name) or words(english) == "the" + words(name):
        yield "only repeats its name"
    for text in (english, chinese):
        if PLACEHOLDER.search(text):
            yield f"has a placeholder: {text!r}"
        if len(text) > LONGEST:
            yield f"is longer than {LONGEST} characters"


@pytest.mark.parametrize("service", sorted(CONTRACTS))
def test_everything_public_is_described_in_both_languages(service: str) -> None:
    texts = list(all_texts(CONTRACTS[service]))
    wrong = [f"{place} {wrong}" for place, name, en, zh in texts for wrong in mistakes(name, en, zh)]
    assert wrong == []
    assert texts or not CONTRACTS[service]["methods"]


def test_what_was_not_understood_is_explained() -> None:
    licence = CONTRACTS["elicence"]["methods"]["get"]["reply"]["properties"]
    order = CONTRACTS["payment"]["methods"]["create_order"]["request"]["properties"]["lines"]["items"]["properties"]
    assert "A 本机构签发" in licence["trust_grade"][CHINESE]
    assert "issued here" in licence["trust_grade"]["description"]
    assert "同一类型" in licence["scope"][CHINESE]
    assert "滞纳金" in order["limit_date"][CHINESE]
    assert "late fee" in order["limit_date"]["description"]


@pytest.mark.parametrize("service", sorted(name for name, one in CONTRACTS.items() if one["methods"]))
def test_other_words_break_nobody(service: str) -> None:
    old = CONTRACTS[service]
    new = _reworded(old)
    assert new != old
    found = compare(old, new)
    assert found and not any(finding.breaking for finding in found)
    assert refused(old, new) == []


def _reworded(node: Any) -> Any:
    if isinstance(node, list):
        return [_reworded(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{value} Reworded." if key in ("description", CHINESE, "summary", "summary_zh") and isinstance(value, str)
        else _reworded(value) for key, value in node.items()
    }
