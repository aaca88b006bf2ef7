"""How clients prove themselves, and tokens of the app itself."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from services.identity.directory import schemas
from services.identity.directory.usecases.revoke_key import revoke_app_key
from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import ASSERTION_ALGORITHMS
from services.identity.openid.usecases.authenticate import ASSERTION_TYPE
from shared_components.security.client_keys import ALGORITHMS
from tests.unit.identity.openid.world import ADDRESS, CLIENT, ISSUER, SANDBOX, Login, basic, claims_of

KEYED = "app-keyed-sandbox"
EC, OTHER, RSA = ECKey.generate_key("P-256"), ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
CREDENTIALS = {"grant_type": "client_credentials"}


@pytest.fixture
def keyed(login: Login) -> Login:
    keys = [{**EC.as_dict(private=False), "kid": "ec"}, {**RSA.as_dict(private=False), "kid": "rsa"}]
    login.keyed_secret = login.register("app-keyed", jwks={"keys": keys})  # type: ignore[attr-defined]
    return login


def assertion(login: Login, key: Any = EC, header: dict[str, Any] | None = None, **changes: Any) -> str:
    now = int(login.clock.now().timestamp())
    claims = {"iss": KEYED, "sub": KEYED, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": "one", **changes}
    given = {"alg": "ES256", "kid": "ec", **(header or {})}
    return jwt.encode(
        given, {name: value for name, value in claims.items() if value is not None}, key, algorithms=[given["alg"]])


def by_assertion(login: Login, text: str, **more: Any) -> Answer:
    return login.ask("token", {
        **CREDENTIALS, "client_assertion_type": ASSERTION_TYPE, "client_assertion": text, **more})


def error_of(answer: Answer) -> str:
    assert answer.body is not None
    return str(answer.body.get("error"))


def test_a_secret_counts_in_the_header_or_in_the_form_and_not_in_both(login: Login) -> None:
    form = {**CREDENTIALS, "client_id": CLIENT, "client_secret": login.secret}
    assert login.ask("token", form).status == 200
    assert login.ask("token", CREDENTIALS, authorization=basic(CLIENT, login.secret)).status == 200
    both = login.ask("token", form, authorization=basic(CLIENT, login.secret))
    assert (both.status, error_of(both)) == (400, "invalid_request")


@pytest.mark.parametrize(("parameters", "authorization", "status"), [
    ({}, None, 400), ({"client_id": CLIENT}, None, 400), ({"client_id": CLIENT, "client_secret": "x"}, None, 400),
    ({"client_id": "app-nobody-sandbox", "client_secret": "x"}, None, 400), ({}, "Basic !", 401),
    ({}, "Basic YQ==", 401),
    ({}, "Digest abc", 401), ({"client_id": "app-other-sandbox"}, "right", 401), ({}, basic(CLIENT, "x"), 401),
    ({}, basic("app-nobody-sandbox", "x"), 401), ({"client_id": "a" * 65, "client_secret": "x"}, None, 400),
])
def test_every_wrong_proof_has_the_same_answer(
    login: Login, parameters: dict[str, str], authorization: str | None, status: int,
) -> None:
    given = basic(CLIENT, login.secret) if authorization == "right" else authorization
    answer = login.ask("token", {**CREDENTIALS, **parameters}, authorization=given)
    assert (answer.status, answer.body) == (
        status, {"error": "invalid_client", "error_description": "the client did not prove itself"})
    assert answer.challenge == ('Basic realm="zhongtai"' if status == 401 else None)


def test_a_revoked_key_proves_nothing(login: Login) -> None:
    keys = login.directory.call(lambda tx, _, context: tx.apps.keys(["app-tax"])["app-tax"], schemas.ListApps)
    login.directory.call(revoke_app_key, schemas.RevokeAppKey, app="app-tax", key_id=keys[0].key_id)
    assert error_of(login.token(**CREDENTIALS)) == "invalid_client"


def test_a_key_of_the_sandbox_opens_the_sandbox_alone(login: Login) -> None:
    login.directory.approve("app-tax", login.department.department_id)
    assert error_of(login.token(client="app-tax", **CREDENTIALS)) == "invalid_client"


def test_an_apps_own_token_names_the_app_and_no_person(login: Login) -> None:
    body = login.token(**CREDENTIALS).body
    assert body is not None and "refresh_token" not in body
    claims = claims_of(body["access_token"])
    assert (claims["sub"], claims["client_id"], claims["kind"], claims["aud"]) == (CLIENT, CLIENT, "app", SANDBOX)
    assert "sid" not in claims
    assert claims["exp"] - claims["iat"] == 600
    assert login.userinfo(body["access_token"]).status == 401


@pytest.mark.parametrize(("scope", "granted"), [
    (None, "payment.*"), ("payment.get_order", "payment.get_order"), ("payment.*", "payment.*"),
    ("*", None), ("matter.start_case", None), ("payment.", None), (".get_order", None), ("payment.get_order  x", None),
])
def test_an_apps_own_token_is_for_what_the_app_may_call_or_less(
    login: Login, scope: str | None, granted: str | None,
) -> None:
    secret = login.register("app-pay", scopes=["payment.*"])
    answer = login.token(client="app-pay-sandbox", secret=secret, scope=scope, **CREDENTIALS)
    assert answer.body is not None
    assert answer.body.get("scope") == granted
    assert answer.body.get("error") == (None if granted else "invalid_scope")


def test_a_client_with_keys_proves_itself_by_them_and_never_falls_back_to_a_secret(keyed: Login) -> None:
    assert by_assertion(keyed, assertion(keyed)).status == 200
    assert by_assertion(keyed, assertion(keyed, RSA, {"alg": "PS256", "kid": "rsa"}, jti="two")).status == 200
    secret = keyed.keyed_secret  # type: ignore[attr-defined]
    assert error_of(keyed.token(client=KEYED, secret=secret, **CREDENTIALS)) == "invalid_client"
    assert ALGORITHMS == ASSERTION_ALGORITHMS


@pytest.mark.parametrize("audience", [f"{ISSUER}/oauth/token", [ISSUER, "https://other.example"]])
def test_an_assertion_names_the_issuer_or_the_endpoint(keyed: Login, audience: Any) -> None:
    assert by_assertion(keyed, assertion(keyed, aud=audience)).status == 200


def test_an_assertion_counts_once(keyed: Login) -> None:
    text = assertion(keyed)
    assert [by_assertion(keyed, text).status for _ in range(2)] == [200, 400]
    assert by_assertion(keyed, assertion(keyed)).status == 400, "the same jti in another assertion"
    keyed.wait(minutes=5)
    assert by_assertion(keyed, assertion(keyed, jti="two")).status == 200


@pytest.mark.parametrize("changes", [
    {"key": OTHER}, {"header": {"kid": "other"}}, {"header": {"kid": ""}}, {"header": {"kid": "rsa"}},
    {"header": {"kid": "../../etc/passwd"}}, {"iss": CLIENT}, {"sub": CLIENT}, {"aud": "https://other.example"},
    {"aud": None}, {"aud": []}, {"jti": None}, {"jti": ""}, {"jti": 1}, {"jti": "j" * 129}, {"exp": None},
    {"exp": "soon"},
    {"exp": 0}, {"exp": 10**12}, {"nbf": 10**12}, {"iat": 10**12}, {"iat": "now"},
    {"key": OctKey.import_key("secret" * 8), "header": {"alg": "HS256"}},
])
def test_every_wrong_assertion_has_the_same_answer(keyed: Login, changes: dict[str, Any]) -> None:
    answer = by_assertion(keyed, assertion(keyed, **changes))
    assert error_of(answer) == "invalid_client"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.", "é", "e" * 9000])
def test_what_is_no_assertion_is_refused(keyed: Login, text: str) -> None:
    assert error_of(by_assertion(keyed, text)) in ("invalid_client", "invalid_request")
    assert error_of(by_assertion(keyed, assertion(keyed), client_assertion_type="urn:other")) == "invalid_request"


@pytest.mark.parametrize(("minutes", "status"), [(-10, 400), (0, 200), (10, 400)])
def test_a_clock_ten_minutes_off_makes_no_assertion_count(keyed: Login, minutes: int, status: int) -> None:
    """R13: the client's clock is ahead or behind."""
    text = assertion(keyed)
    keyed.clock.advance(timedelta(minutes=-minutes))
    assert by_assertion(keyed, text).status == status


def test_a_public_client_has_the_code_flow_by_pkce_and_nothing_else(login: Login) -> None:
    secret = login.register("app-phone", client_type="public", redirect_uris=["http://127.0.0.1/cb", ADDRESS])
    client = "app-phone-sandbox"
    code = login.code(client=client, redirect_uri="http://127.0.0.1:51004/cb")
    parameters = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1:51004/cb",
                  "code_verifier": "v" * 64, "client_id": client}
    body = login.ask("token", parameters).body
    assert body is not None and "access_token" in body, body
    refresh = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"], "client_id": client}
    assert login.ask("token", refresh).status == 200
    assert error_of(login.ask("token", {**CREDENTIALS, "client_id": client})) == "unauthorized_client"
    assert error_of(login.token(client=client, secret=secret, **CREDENTIALS)) == "invalid_client"
    assert error_of(login.ask("introspect", {"token": "x", "client_id": client})) == "invalid_client"
