"""Titles of choices: of all of them or of none, in forms of applicants and of officers; the guide gives them."""
from __future__ import annotations

from typing import Any

import pytest

from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.publishing.adapters.definition_reader import read_definition
from tests.cases.definitions import a_definition, as_yaml
from tests.unit.matter.desk import review

WORK, STUDY = {"zh": "工作", "en": "Work"}, {"zh": "学习", "en": "Study"}


def form(**titles: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {
        "reason": {"type": "string", "enum": ["work", "study"], "x-titles": titles}}}


def test_choices_with_a_title_each_are_taken_as_they_are() -> None:
    found = read_definition(as_yaml(a_definition(form=form(work=WORK, study=STUDY))))
    assert found["form"]["properties"]["reason"]["x-titles"]["study"] == STUDY


@pytest.mark.parametrize("titles", [{"work": WORK}, {"work": WORK, "study": STUDY, "leisure": WORK}])
def test_a_title_too_few_or_too_many_is_refused_with_the_choices(titles: dict[str, Any]) -> None:
    for changes in ({"form": form(**titles)}, {"steps": [review(form=form(**titles))]}):
        with pytest.raises(DefinitionInvalid, match="line") as caught:
            read_definition(as_yaml(a_definition(**changes)))
        assert "not for exactly its choices" in str(caught.value)
