"""Foreign client programs, as they come, log in at the running platform."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.integration.login.served_login import AFTER_LOGOUT, APPS, KEY, REDIRECT, ServedLogin, client_id
from tests.npm_packages import node_modules

pytestmark = pytest.mark.integration
JUDGE = Path(__file__).parent / "openid_client"


class OpenIdClient:
    """npm openid-client in a process of its own."""

    def __init__(self, served: ServedLogin, method: str) -> None:
        folder = node_modules(JUDGE).parent
        (folder / "judge.mjs").write_bytes((JUDGE / "judge.mjs").read_bytes())
        self._process = subprocess.Popen(
            ["node", str(folder / "judge.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder)
        self.ask(
            issuer=served.issuer, client_id=client_id(method), method=method, redirect_uri=REDIRECT,
            secret=served.secrets[method], jwk=KEY.as_dict(private=True))

    def ask(self, **step: Any) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(step) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the judge has ended"
        found: dict[str, Any] = json.loads(line)
        return found

    def good(self, **step: Any) -> dict[str, Any]:
        found = self.ask(**step)
        assert "failed" not in found, found
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def judge(served: ServedLogin, request: pytest.FixtureRequest) -> Iterator[OpenIdClient]:
    judge = OpenIdClient(served, request.param)
    yield judge
    judge.close()


@pytest.mark.parametrize("judge", APPS, indirect=True, ids=list(APPS))
@pytest.mark.parametrize("pushed", [False, True], ids=["plain", "pushed"])
def test_openid_client_logs_in_and_out(served: ServedLogin, judge: OpenIdClient, pushed: bool) -> None:
    session = served.session()
    url = judge.good(name="url", pushed=pushed, parameters={"max_age": "300"})["url"]
    assert ("request_uri" in url) == pushed
    tokens = judge.good(name="exchange", callback=served.log_in(url, session), max_age=300)
    claims = tokens["claims"]
    assert claims["sub"].startswith("psub_") and claims["sub"] != session.subject_id
    said = judge.good(name="userinfo", token=tokens["access_token"], sub=claims["sub"])
    assert said["name"] == "林静"
    refreshed = judge.good(name="refresh", token=tokens["refresh_token"])
    judge.good(name="revoke", token=refreshed["refresh_token"])
    assert judge.ask(name="userinfo", token=refreshed["access_token"], sub=claims["sub"])["failed"]
    url = judge.good(name="logout", parameters={
        "id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "s"})["url"]
    answer = httpx.get(url, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AFTER_LOGOUT}?state=s")


@pytest.mark.parametrize("judge", ["client_secret_basic", "private_key_jwt"], indirect=True)
def test_openid_client_asks_for_a_token_of_the_app_and_about_tokens(judge: OpenIdClient) -> None:
    token = judge.good(name="credentials", scope="payment.*")["access_token"]
    assert judge.good(name="introspect", token=token) == {"active": False}, "no person's token"
    assert judge.ask(name="credentials", scope="root")["failed"] == "invalid_scope"


@pytest.mark.parametrize("judge", ["client_secret_basic"], indirect=True)
def test_openid_client_hears_refusals_in_the_words_of_the_rfcs(served: ServedLogin, judge: OpenIdClient) -> None:
    url = judge.good(name="url", parameters={"scope": "openid root"})["url"]
    refused = judge.ask(name="exchange", callback=served.log_in(url))
    assert refused["failed"] == "invalid_scope"
    url = judge.good(name="url", parameters={})["url"]
    callback = served.log_in(url)
    judge.good(name="exchange", callback=callback)
    assert judge.ask(name="exchange", callback=callback)["failed"] == "invalid_grant"
    assert judge.ask(name="grant", type="urn:ietf:params:oauth:grant-type:token-exchange", parameters={
        "subject_token": "mdt_1", "subject_token_type": "urn:zhongtai:params:oauth:token-type:mandate",
        "actor_token": "x", "actor_token_type": "urn:ietf:params:oauth:token-type:access_token",
    })["failed"] == "invalid_grant"


@pytest.mark.parametrize("method", APPS)
def test_authlib_logs_in(served: ServedLogin, method: str) -> None:
    metadata = httpx.get(f"{served.issuer}/.well-known/openid-configuration").json()
    secret: Any = None if method == "none" else served.secrets[method]
    if method == "private_key_jwt":
        secret = KEY
    proof: Any = method
    if method == "private_key_jwt":
        proof = PrivateKeyJWT(metadata["token_endpoint"], alg="ES256", headers={"kid": "one"})
    with OAuth2Client(
            client_id(method), secret, scope="openid order", redirect_uri=REDIRECT, code_challenge_method="S256",
            token_endpoint_auth_method=proof, revocation_endpoint_auth_method=proof) as client:
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier="v" * 48, nonce="n")
        callback = served.log_in(url)
        assert parse_qs(urlsplit(callback).query)["iss"] == [served.issuer]
        tokens = client.fetch_token(
            metadata["token_endpoint"], authorization_response=callback, code_verifier="v" * 48, state=state)
        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).json())
        claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
        assert (claims["iss"], claims["aud"], claims["nonce"]) == (served.issuer, client_id(method), "n")
        assert client.get(metadata["userinfo_endpoint"]).json() == {"sub": claims["sub"]}
        client.refresh_token(metadata["token_endpoint"])
        assert client.revoke_token(metadata["revocation_endpoint"]).status_code == 200
        assert client.get(metadata["userinfo_endpoint"]).status_code == 401
