"""A choice shows its title in the reader's language, and gives its value."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from permit_app import forms

TITLED = {"type": "string", "enum": ["work", "study"], "x-titles": {
    "work": {"zh": "工作", "en": "Work"}, "study": {"zh": "学习", "en": "Study"}}}


@pytest.mark.parametrize(("language", "expected"), [
    ("zh", (("work", "工作"), ("study", "学习"))), ("en", (("work", "Work"), ("study", "Study")))])
def test_a_choice_shows_its_title_and_gives_its_value(language: str, expected: tuple[tuple[str, str], ...]) -> None:
    (field,) = forms.fields({"properties": {"reason": TITLED}}, language)
    assert field.choices == expected
    assert forms.values({"properties": {"reason": TITLED}}, {"reason": "work"}) == {"reason": "work"}


def test_a_choice_without_a_title_shows_its_value() -> None:
    (field,) = forms.fields({"properties": {"persons": {"type": "integer", "enum": [1, 2]}}}, "zh")
    assert field.choices == (("1", "1"), ("2", "2"))
