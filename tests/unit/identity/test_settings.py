"""The section services.identity: what it makes of the policy, and what it refuses."""
from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.identity.subjects.domain.states import SUBJECT
from services.identity.subjects.settings import IdentitySettings, policy_of

ZHEJIANG = [
    {"level": 1, "name": "初级"},
    {"level": 2, "name": "高级", "evidence": ["proof-of-presence"], "valid_days": 365},
]


def test_without_settings_the_default_table_holds() -> None:
    policy = policy_of(IdentitySettings().load({}))
    assert [rule.level for rule in policy.levels.rules] == [1, 2, 3, 4]
    assert policy.documents.person_types() == ["111"] and not policy.documents.lenient_credit_codes


def test_a_jurisdiction_has_its_own_table() -> None:
    settings = {"jurisdiction": "330000", "jurisdictions": {"330000": ZHEJIANG}, "id_types": {"414": "[A-Z][0-9]{8}"}}
    policy = policy_of(IdentitySettings().load(settings))
    assert policy.levels.jurisdiction == "330000" and policy.levels.rules[1].valid_days == 365
    assert policy.documents.person_types() == ["111", "414"]


@pytest.mark.parametrize(("settings", "key"), [
    ({"authority": "police"}, "authority"),
    ({"jurisdiction": "XX"}, "jurisdiction"),
    ({"jurisdictions": {"CN": []}}, "jurisdictions"),
    ({"jurisdictions": {"CN": [{"level": 2, "name": "二"}]}}, "jurisdictions"),
    ({"jurisdictions": {"CN": [{"level": 1, "name": "一", "evidence": ["oath"]}]}}, "jurisdictions"),
    ({"id_types": {"414": "["}}, "id_types"),
    ({"id_types": {"414": {"pattern": "["}}}, "id_types"),
    ({"id_types": {"414": {"pattern": "x", "check": "luhn"}}}, "id_types"),
    ({"id_types": {"passport": "x"}}, "id_types"),
    ({"levels": 1}, "levels"),
])
def test_a_wrong_setting_is_named(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        IdentitySettings().load(settings)
    assert isinstance(caught.value.messages, dict) and list(caught.value.messages) == [key]


def test_the_states_of_a_subject() -> None:
    assert SUBJECT.states == ("active", "frozen", "closed") and SUBJECT.is_final("closed")
    assert "frozen --> active: subject-state-changed" in SUBJECT.to_mermaid()
