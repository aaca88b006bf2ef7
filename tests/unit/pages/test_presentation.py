"""The reader's choices: from a request, and back into links."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.pages.presentation import Presentation, presentation_of


@pytest.mark.parametrize(("query", "accepted", "presentation"), [
    ({}, None, Presentation("zh")),
    ({}, "en", Presentation("en")),
    ({"lang": "en"}, "zh", Presentation("en", language_chosen=True)),
    ({"lang": "zh-CN"}, "en", Presentation("zh", language_chosen=True)),
    ({"lang": "fr"}, "en", Presentation("en")),
    ({"elder": "1"}, None, Presentation("zh", elder=True)),
    ({"elder": "yes"}, None, Presentation("zh")),
])
def test_a_choice_wins_over_the_browsers_preference(
    query: dict[str, str], accepted: str | None, presentation: Presentation,
) -> None:
    assert presentation_of(query, accepted) == presentation


@pytest.mark.parametrize(("presentation", "link"), [
    (Presentation("en"), "/docs#a"),
    (Presentation("en", language_chosen=True), "/docs?lang=en#a"),
    (Presentation("zh", elder=True), "/docs?elder=1#a"),
    (Presentation("zh", language_chosen=True, elder=True), "/docs?lang=zh&elder=1#a"),
])
def test_a_link_carries_what_was_chosen_and_nothing_else(presentation: Presentation, link: str) -> None:
    assert presentation.link("/docs#a") == link


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=40))
def test_whatever_is_asked_for_there_are_eight_presentations(lang: str, elder: str, accepted: str) -> None:
    found = presentation_of({"lang": lang, "elder": elder}, accepted)
    assert found in {
        Presentation(language, chosen, large)
        for language in ("zh", "en") for chosen in (False, True) for large in (False, True)}


def test_a_link_with_a_query_keeps_it() -> None:
    assert Presentation("zh", elder=True).link("/login?target=sessions#a") == "/login?target=sessions&elder=1#a"
    assert Presentation("zh").link("/login?target=sessions") == "/login?target=sessions"
