"""Lifetimes from the configuration."""
from __future__ import annotations

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from services.identity.sessions.domain.lifetimes import Lifetimes
from services.identity.sessions.domain.methods import supported_level
from services.identity.sessions.settings import SessionSettings, token_policy


def test_without_settings_the_lifetimes_are_those_of_the_domain() -> None:
    policy = token_policy(SessionSettings().load({}), "https://city.example/")
    assert (policy.issuer, policy.lifetimes) == ("https://city.example", Lifetimes())


def test_an_officers_session_may_be_shorter_still() -> None:
    policy = token_policy(SessionSettings().load({"officer_idle_s": 300, "officer_session_s": 3600}), "https://c.example")
    assert policy.lifetimes.of("officer").idle == timedelta(minutes=5)
    assert policy.lifetimes.of("citizen") == Lifetimes().citizen


@pytest.mark.parametrize(("given", "key"), [
    ({"access_token_s": 601}, "access_token_s"), ({"access_token_s": 0}, "access_token_s"),
    ({"officer_idle_s": 50_000}, "officer_idle_s"), ({"refresh_grace_s": 301}, "refresh_grace_s"),
    ({"citizen_session_s": "1d"}, "citizen_session_s"), ({"unknown": 1}, "unknown"),
])
def test_other_settings_are_refused_by_name(given: dict[str, object], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SessionSettings().load(given)
    assert key in caught.value.normalized_messages()


@pytest.mark.parametrize(("amr", "level"), [
    ((), 0), (("pwd",), 2), (("otp",), 2), (("ext",), 2), (("pwd", "mfa"), 2), (("pwd", "otp"), 3), (("swk",), 3),
    (("hwk",), 4),
])
def test_a_sign_in_supports_a_level(amr: tuple[str, ...], level: int) -> None:
    assert supported_level(amr) == level
