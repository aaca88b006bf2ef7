"""A hostile provider, a hostile browser: nothing forged counts, and requests go to configured addresses only."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey

from services.identity.upstream.adapters.openid import OpenIdProvider
from services.identity.upstream.adapters.registry import ConfiguredProviders
from services.identity.upstream.domain.answers import answer_of
from services.identity.upstream.domain.connection import OpenIdSettings, origin_of
from services.identity.upstream.domain.errors import (
    ProviderNotConfigured,
    ProviderUnavailable,
    ProviderUnknown,
    UpstreamRefused,
)
from services.identity.upstream.domain.provider import KNOWN, Answer, ProviderPolicy, SignIn, UpstreamPerson
from tests.unit.identity.upstream.issuer import CLIENT_ID, Issuer, issuer

SIGN_IN = SignIn("state-1", "nonce-1", "v" * 43, "https://city.example/login/upstream/national")
POLICY = ProviderPolicy("national", "统一身份认证", "National identity")
SECRET = "client-secret-of-the-relying-party"


@pytest.fixture
def hostile() -> Iterator[Issuer]:
    with issuer() as serving:
        yield serving


def provider(serving: Issuer, **more: Any) -> OpenIdProvider:
    return OpenIdProvider(POLICY, OpenIdSettings(
        serving.url, CLIENT_ID, SECRET, claims={"name": "name", "id_number": "id_number"}, **more))


def redeemed(serving: Issuer, token: Any, **more: Any) -> UpstreamPerson:
    serving.token = token
    return provider(serving, **more).person(
        SIGN_IN, Answer("state-1", "code-1", serving.url), at=datetime.now(UTC))


FORGED: dict[str, Callable[[Issuer], Any]] = {
    "no signature": lambda it: it.signed(it.claims(), alg="none").rsplit(".", 1)[0] + ".",
    "alg none with the signature": lambda it: it.signed(it.claims(), alg="none"),
    "HMAC with the client's secret": lambda it: it.with_secret(it.claims(), SECRET.encode()),
    "HMAC with the public key": lambda it: it.with_secret(it.claims(), it.key.as_pem(private=False)),
    "another key": lambda it: it.signed(it.claims(), key=ECKey.generate_key("P-256")),
    "another key in the header": lambda it: _with_own_key(it),
    "a key that is elsewhere": lambda it: it.signed(
        it.claims(), key=ECKey.generate_key("P-256"), jku="http://127.0.0.1:9/jwks", kid="elsewhere"),
    "an unknown key": lambda it: it.signed(it.claims(), kid="k9"),
    "another issuer": lambda it: it.signed(it.claims(iss="https://other.example")),
    "no issuer": lambda it: it.signed(it.claims(iss=None)),
    "another audience": lambda it: it.signed(it.claims(aud="another-app")),
    "several audiences without a party": lambda it: it.signed(it.claims(aud=[CLIENT_ID, "another-app"])),
    "another party": lambda it: it.signed(it.claims(aud=[CLIENT_ID, "another-app"], azp="another-app")),
    "no audience": lambda it: it.signed(it.claims(aud=None)),
    "another nonce": lambda it: it.signed(it.claims(nonce="nonce-2")),
    "no nonce": lambda it: it.signed(it.claims(nonce=None)),
    "expired": lambda it: it.signed(it.claims(exp=int(time.time()) - 120)),
    "no expiry": lambda it: it.signed(it.claims(exp=None)),
    "an expiry of text": lambda it: it.signed(it.claims(exp="9999999999")),
    "issued in the future": lambda it: it.signed(it.claims(iat=int(time.time()) + 600)),
    "no subject": lambda it: it.signed(it.claims(sub=None)),
    "an empty subject": lambda it: it.signed(it.claims(sub="")),
    "a subject of a list": lambda it: it.signed(it.claims(sub=["person-1"])),
    "a long subject": lambda it: it.signed(it.claims(sub="s" * 300)),
    "a list of claims": lambda it: it.signed([it.claims()]),
    "a large token": lambda it: it.signed(it.claims(more="x" * 20_000)),
    "a changed claim": lambda it: _changed(it),
    "no token": lambda it: None,
    "a number": lambda it: 7,
    "no parts": lambda it: "token",
}


def _with_own_key(it: Issuer) -> str:
    key = ECKey.generate_key("P-256")
    return it.signed(it.claims(), key=key, jwk=key.as_dict(private=False), kid="own")


def _changed(it: Issuer) -> str:
    head, _, signature = it.signed(it.claims()).split(".")
    return ".".join([head, it.signed(it.claims(sub="person-2")).split(".")[1], signature])


def test_a_genuine_token_counts(hostile: Issuer) -> None:
    hostile.userinfo = {"name": "林静", "id_number": "33010619850615002X"}
    person = redeemed(hostile, hostile.signed(hostile.claims()))
    assert (person.upstream_id, person.acr, person.name, person.id_type) == ("person-1", "level-3", "林静", "111")


@pytest.mark.parametrize("forgery", FORGED)
def test_no_forged_token_counts(hostile: Issuer, forgery: str) -> None:
    with pytest.raises(UpstreamRefused):
        redeemed(hostile, FORGED[forgery](hostile))


def test_userinfo_of_another_person_does_not_count(hostile: Issuer) -> None:
    hostile.userinfo = {"sub": "person-2", "name": "张建国"}
    with pytest.raises(UpstreamRefused):
        redeemed(hostile, hostile.signed(hostile.claims()))


def test_a_rotated_key_is_found_and_its_set_is_not_read_for_each_forgery(hostile: Issuer) -> None:
    party = provider(hostile)
    hostile.token = hostile.signed(hostile.claims())
    answer = Answer("state-1", "code-1", hostile.url)
    party.person(SIGN_IN, answer, at=datetime.now(UTC))
    hostile.token = hostile.signed(hostile.claims(), key=ECKey.generate_key("P-256"))
    for _ in range(5):
        with pytest.raises(UpstreamRefused):
            party.person(SIGN_IN, answer, at=datetime.now(UTC))
    assert hostile.asked.count("/jwks") == 1, "a set of keys is read anew once a minute at most"


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", [
    "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/token", "https://other.example/token",
    "http://127.0.0.1:1/token", "file:///etc/passwd", "https://user@city.example/", "gopher://127.0.0.1/", 7, None,
])
def test_requests_go_to_configured_addresses_only(hostile: Issuer, endpoint: str, address: Any) -> None:
    hostile.discovery = {endpoint: address}
    if endpoint == "userinfo_endpoint" and address is None:
        return
    with pytest.raises(ProviderUnavailable):
        provider(hostile).address(SIGN_IN, locale="en")
        redeemed(hostile, hostile.signed(hostile.claims()))


def test_a_redirect_a_flood_and_what_is_no_json_are_refused(hostile: Issuer) -> None:
    token = hostile.signed(hostile.claims())
    for answer in (
        (302, {"Location": "http://169.254.169.254/"}, b""), (200, {}, b"{" + b" " * 400_000 + b"}"), (200, {}, b"[1]"),
        (200, {}, b"<html>"), (500, {}, b"{}"), (200, {}, b'{"id_token": 1, "id_token": 2}'),
    ):
        hostile.answers["/token"] = answer
        with pytest.raises((ProviderUnavailable, UpstreamRefused)):
            redeemed(hostile, token)


def test_a_provider_that_does_not_answer_is_given_up_in_time(hostile: Issuer) -> None:
    hostile.delay_s = 5
    began = time.monotonic()
    with pytest.raises(ProviderUnavailable) as caught:
        provider(hostile, timeout_s=0.3).address(SIGN_IN, locale="en")
    assert time.monotonic() - began < 3 and SECRET not in str(caught.value.to_wire())


@pytest.mark.parametrize("query", [
    "", "state=s", "code=c", "code=&state=s", "code=c&error=e&state=s", "code=c&state=s&state=t",
    "code=c&code=d&state=s", "state=s&" + "&".join(f"a{n}=1" for n in range(30)), "x" * 5000, "code", "%",
])
def test_a_query_that_no_provider_writes_is_refused(query: str) -> None:
    with pytest.raises(UpstreamRefused):
        answer_of(query)


def test_unknown_parameters_are_ignored() -> None:
    assert answer_of("code=c&state=s&iss=i&session_state=x") == Answer("s", "c", "i")


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_provider_without_settings_says_that_it_is_not_configured(name: str) -> None:
    found = ConfiguredProviders({}).get(name)
    for asked in (lambda: found.address(SIGN_IN, locale="zh-CN"),
                  lambda: found.person(SIGN_IN, Answer("s", "c"), at=datetime.now(UTC))):
        with pytest.raises(ProviderNotConfigured, match=f"services.identity.upstream.{name}"):
            asked()
    with pytest.raises(ProviderUnknown):
        ConfiguredProviders({}).get("another-one")


@pytest.mark.parametrize("address", ["http://city.example", "ftp://city.example", "https://", "https://u:p@x.example",
                                     "https://x.example/#y", "//x.example"])
def test_only_https_and_this_machine_are_configured(address: str) -> None:
    with pytest.raises(ValueError, match="is not https"):
        origin_of(address)


def test_a_secret_is_in_no_repr() -> None:
    said = repr(OpenIdSettings("https://x.example", "id", SECRET)) + repr(SIGN_IN) + repr(
        replace(SIGN_IN, state="hidden"))
    assert SECRET not in said and "nonce-1" not in said and "hidden" not in said
