"""S1 and S26, as far as they are OAuth's: hostile requests to the running gateway. None is granted, none breaks it."""
from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.integration.login.served_login import KEY, REDIRECT, ServedLogin, client_id

pytestmark = pytest.mark.integration
BASIC = client_id("client_secret_basic")
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""Of RFC 7636, appendix B."""
REQUEST = {
    "response_type": "code", "client_id": BASIC, "redirect_uri": REDIRECT, "scope": "openid", "state": "st",
    "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def authorize(served: ServedLogin, query: str) -> httpx.Response:
    return httpx.get(f"{served.issuer}/oauth/authorize?{query}", follow_redirects=False)


def post(served: ServedLogin, path: str, form: Any, **more: Any) -> httpx.Response:
    return httpx.post(f"{served.issuer}/oauth/{path}", data=form, **more)


NOWHERE: dict[str, dict[str, str | None]] = {
    "another address": {"redirect_uri": "https://evil.example/cb"}, "a path more": {"redirect_uri": REDIRECT + "/x"},
    "a query more": {"redirect_uri": REDIRECT + "?x=1"}, "a fragment": {"redirect_uri": REDIRECT + "#x"},
    "another case": {"redirect_uri": REDIRECT.upper()}, "a port": {"redirect_uri": "https://tax.example:443/cb"},
    "a user": {"redirect_uri": "https://tax.example@evil.example/cb"},
    "plain http": {"redirect_uri": "http://tax.example/cb"},
    "an encoded dot": {"redirect_uri": "https://tax.example/%2e/cb"},
    "a script": {"redirect_uri": "javascript:alert(1)"},
    "two slashes": {"redirect_uri": "//tax.example/cb"}, "none": {"redirect_uri": None},
    "no client": {"client_id": None},
    "an unknown client": {"client_id": "app-nobody"},
    "a client of production": {"client_id": BASIC.removesuffix("-sandbox")},
    "another's request_uri": {"request_uri": "urn:ietf:params:oauth:request_uri:x"},
    "a long client": {"client_id": "a" * 5000},
}


@pytest.mark.parametrize("name", NOWHERE)
def test_without_client_and_address_the_browser_stays(served: ServedLogin, name: str) -> None:
    query = urlencode({key: value for key, value in {**REQUEST, **NOWHERE[name]}.items() if value is not None})
    answer = authorize(served, query)
    assert answer.status_code == 400, answer.text
    assert "location" not in answer.headers
    assert answer.json()["code"] == "identity.authorization-request-invalid"


@pytest.mark.parametrize(("more", "error"), [
    ("response_type=token", "invalid_request"), ("scope=root", "invalid_request"), ("state=b", "invalid_request"),
    ("request=e30.e30.", "request_not_supported"),
    ("request_uri=https%3A%2F%2Fevil.example", "request_uri_not_supported"),
    ("response_mode=fragment", "invalid_request"), ("prompt=none+login", "invalid_request"),
    ("max_age=-1", "invalid_request"),
    ("id_token_hint=e30.e30.", "invalid_request"), ("nonce=" + "n" * 513, "invalid_request"),
])
def test_other_mistakes_go_back_to_the_client_alone(served: ServedLogin, more: str, error: str) -> None:
    answer = authorize(served, urlencode(REQUEST) + "&" + more)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(REDIRECT + "?")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == [error]


@pytest.mark.parametrize("query", ["%", "a=%ff", "&&", "client_id", "client_id[]=x", "x" * 17_000, "a=1&" * 80])
def test_a_query_that_cannot_be_read_breaks_nothing(served: ServedLogin, query: str) -> None:
    assert authorize(served, query).status_code in (400, 413, 414)


def assertion(served: ServedLogin, header: dict[str, Any], key: Any = KEY) -> str:
    now, name = int(time.time()), client_id("private_key_jwt")
    claims = {"iss": name, "sub": name, "aud": served.issuer, "exp": now + 60, "iat": now, "jti": f"{now}{header}"}
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


@pytest.mark.parametrize("header", [
    {"alg": "HS256", "kid": "one"}, {"alg": "ES256", "kid": "../../etc/passwd"}, {"alg": "ES256", "kid": "' OR 1=1 --"},
    {"alg": "ES256"}, {"alg": "ES256", "kid": "two"},
])
def test_an_assertion_with_another_algorithm_or_key_name_proves_nothing(
    served: ServedLogin, header: dict[str, Any],
) -> None:
    key = OctKey.import_key(str(KEY.as_dict(private=False))) if header["alg"] == "HS256" else KEY
    answer = post(served, "token", {
        "grant_type": "client_credentials", "client_assertion": assertion(served, header, key),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_an_unsigned_assertion_proves_nothing_and_a_right_one_once(served: ServedLogin) -> None:
    right = assertion(served, {"alg": "ES256", "kid": "one"})
    head = "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0"
    form = {"grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    unsigned, changed = f"{head}.{right.split('.')[1]}.", right[:-8] + "AAAAAAAA"
    for made, status in ((unsigned, 400), (changed, 400), (right, 200), (right, 400)):
        assert post(served, "token", {**form, "client_assertion": made}).status_code == status


@pytest.mark.parametrize("grant", [
    "password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "AUTHORIZATION_CODE", "client_credentials ",
])
def test_no_other_grant_is_served(served: ServedLogin, grant: str) -> None:
    answer = post(served, "token", {"grant_type": grant, "username": "u", "password": "p"},
                  auth=(BASIC, served.secrets["client_secret_basic"]))
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_code_is_not_for_another_client_nor_without_its_verifier(served: ServedLogin) -> None:
    session = served.session()
    callback = served.log_in(f"{served.issuer}/oauth/authorize?{urlencode(REQUEST)}", session)
    form = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(callback).query)["code"][0],
            "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    other = post(served, "token", form, auth=(client_id("client_secret_post"), served.secrets["client_secret_post"]))
    assert other.status_code in (400, 401)
    public = post(served, "token", {**form, "client_id": client_id("none")})
    assert public.json()["error"] == "invalid_grant"
    mine = (BASIC, served.secrets["client_secret_basic"])
    assert post(served, "token", {**form, "code_verifier": CHALLENGE}, auth=mine).json()["error"] == "invalid_grant"
    assert post(served, "token", form, auth=mine).json()["error"] == "invalid_grant", "used up"


def test_secrets_of_requests_are_in_no_log(served: ServedLogin) -> None:
    secret = served.secrets["client_secret_basic"]
    tokens = post(served, "token", {"grant_type": "client_credentials"}, auth=(BASIC, secret)).json()
    post(served, "token", {"grant_type": "refresh_token", "refresh_token": "ztr_canary.canary"}, auth=(BASIC, secret))
    httpx.get(f"{served.issuer}/oauth/userinfo?access_token=canary-in-query")
    for hidden in (secret, tokens["access_token"], "canary"):
        assert hidden not in served.running.text
