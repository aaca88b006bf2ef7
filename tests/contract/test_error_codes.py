"""Error codes are part of the contract: unique, with a text in both languages, and listed in the documentation."""
from __future__ import annotations

from pathlib import Path

from shared_components.cli.contracts import CATALOGUE, error_catalogue
from shared_components.contracts.catalogue import declared_errors

ROOT = Path(__file__).parents[2]


def test_the_catalogue_is_what_the_code_says() -> None:
    committed = ROOT / CATALOGUE
    assert committed.exists(), "run `zhongtai contracts export`"
    assert committed.read_text(encoding="utf-8") == error_catalogue(), "stale; run `zhongtai contracts export`"


def test_a_code_means_one_thing() -> None:
    error_catalogue()
    codes = [kind.code for kind in declared_errors()]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_code_has_a_text_in_english_and_in_chinese() -> None:
    error_catalogue()
    for kind in declared_errors():
        assert kind.texts.get("en"), kind.code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in kind.texts.get("zh", "")), kind.code


def test_a_service_s_code_begins_with_its_name() -> None:
    error_catalogue()
    for kind in declared_errors():
        if kind.__module__.startswith("services."):
            service = kind.__module__.split(".")[1]
            assert kind.code.startswith(f"{service}."), f"{kind.code} in {kind.__module__}"
