from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.kernel.languages import LANGUAGES, Language, preferred_language


@pytest.mark.parametrize(("accepted", "language"), [
    (None, "zh"), ("", "zh"), ("fr", "zh"), ("en", "en"), ("en-GB", "en"), ("zh-CN,zh;q=0.9,en;q=0.1", "zh"),
    ("zh;q=0.2, en;q=0.8", "en"), ("en;q=0", "zh"), ("de, EN;q=0.5", "en"), ("zh,en", "zh"), ("en,zh", "en"),
])
def test_the_language_with_the_greatest_weight_wins_and_the_first_of_equals(
    accepted: str | None, language: Language,
) -> None:
    assert preferred_language(accepted) == language


@given(st.text(max_size=60))
def test_any_accept_language_gives_one_of_two(text: str) -> None:
    assert preferred_language(text) in LANGUAGES
