"""Parameters of requests: read without a doubt, each once; and the checks of an authorization request."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.openid.domain.checks import asked_of
from services.identity.openid.domain.oauth_errors import OAuthRefused
from services.identity.openid.domain.parameters import LONGEST_TEXT, MOST_PARAMETERS, parameters_of
from services.identity.openid.domain.pkce import challenge_of, is_challenge, proves

ADDRESS = "https://tax.example/cb"
VERIFIER = "v" * 43
GOOD = {
    "response_type": "code", "client_id": "app-tax", "redirect_uri": ADDRESS, "scope": "openid order", "state": "s",
    "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
}
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


def refused(text: str) -> str:
    with pytest.raises(OAuthRefused) as raised:
        asked_of(parameters_of(text).once(), ADDRESS, levels=[1, 2, 3, 4])
    return raised.value.error


def asked(**changes: str | None) -> Any:
    given_ = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return asked_of(parameters_of(urlencode(given_)), ADDRESS, levels=[1, 2, 3, 4])


@given(st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=10))
def test_what_a_client_encodes_is_read_back_and_an_empty_value_is_left_out(wanted: dict[str, str]) -> None:
    read = parameters_of(urlencode(wanted))
    assert dict(read) == {name: value for name, value in wanted.items() if value}
    assert not read.repeated


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_as_an_invalid_request(text: str) -> None:
    try:
        parameters_of(text)
    except OAuthRefused as refusal:
        assert refusal.error == "invalid_request"
        assert refusal.description.isascii() and '"' not in refusal.description and "\\" not in refusal.description


@given(st.lists(st.tuples(st.sampled_from("abc"), TEXTS), max_size=6))
def test_a_parameter_that_comes_again_is_noticed_whatever_its_values(pairs: list[tuple[str, str]]) -> None:
    names = [name for name, _ in pairs]
    assert parameters_of(urlencode(pairs)).repeated == {name for name in names if names.count(name) > 1}


@pytest.mark.parametrize("text", [
    "a", "a=%ff", "a=%00", "&", "a=1&&b=2", "a" * (LONGEST_TEXT + 1),
    "&".join(f"p{number}=1" for number in range(MOST_PARAMETERS + 1)),
])
def test_what_cannot_be_read_without_a_doubt_is_refused(text: str) -> None:
    with pytest.raises(OAuthRefused):
        parameters_of(text)


def test_a_name_from_outside_is_not_repeated_in_the_answer() -> None:
    with pytest.raises(OAuthRefused) as raised:
        parameters_of(urlencode([("<script>", "1"), ("<script>", "2")])).once()
    assert "<script>" not in raised.value.description


def test_unknown_parameters_are_ignored_as_rfc_6749_has_it() -> None:
    assert asked(unknown="1", display="page", claims="{}") == asked()


@pytest.mark.parametrize(("changes", "error"), [
    ({"response_type": None}, "invalid_request"), ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"), ({"response_mode": "form_post"}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"), ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"), ({"code_challenge": "=" * 43}, "invalid_request"),
    ({"scope": "openid root"}, "invalid_scope"), ({"scope": "openid  order"}, "invalid_scope"),
    ({"scope": " ".join(f"licence:t{n}" for n in range(40))}, "invalid_scope"),
    ({"scope": "profile:all"}, "invalid_scope"), ({"scope": "licence:"}, "invalid_scope"),
    ({"state": "s" * 1025}, "invalid_request"), ({"state": "状态"}, "invalid_request"),
    ({"nonce": "n" * 513}, "invalid_request"),
    ({"prompt": "none login"}, "invalid_request"), ({"prompt": "later"}, "invalid_request"),
    ({"max_age": "-1"}, "invalid_request"), ({"max_age": "1.5"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"acr_values": "urn:zhongtai:level:9"}, "unmet_authentication_requirements"),
    ({"acr_values": "gold"}, "unmet_authentication_requirements"), ({"request": "e30.e30."}, "request_not_supported"),
    ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
])
def test_a_parameter_that_is_not_allowed_has_the_code_of_the_rfc(changes: dict[str, str | None], error: str) -> None:
    wanted = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    assert refused(urlencode(wanted)) == error


def test_the_lowest_level_that_the_client_takes_decides() -> None:
    assert asked(acr_values="urn:zhongtai:level:3 urn:zhongtai:level:2 other").min_level == 2
    assert asked().min_level == 0


def test_preferences_that_make_no_sense_are_left_out_and_the_others_kept() -> None:
    found = asked(ui_locales="zh-CN en <script> x", prompt="login consent", max_age="0")
    assert found.ui_locales == ("zh-CN", "en")
    assert (found.prompt, found.max_age_s) == (frozenset({"login", "consent"}), 0)


@given(st.text(max_size=140))
def test_only_the_verifier_proves_its_challenge(text: str) -> None:
    assert proves(text, challenge_of(VERIFIER)) == (text == VERIFIER)
    assert is_challenge(challenge_of(VERIFIER))
    assert not proves(challenge_of(VERIFIER), challenge_of(VERIFIER))
    assert not proves(None, challenge_of(VERIFIER))
