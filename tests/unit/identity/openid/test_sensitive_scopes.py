"""Scope `credential` is given to apps that their department has approved for it, and to no others."""
from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from services.identity.directory import schemas
from services.identity.directory.usecases.change_app import change_app
from tests.unit.identity.openid.world import ADDRESS, CLIENT, Login, basic, claims_of, query_of

APPROVED = "app-vault-sandbox"
ASKED = {"scope": "openid credential"}


@pytest.fixture
def vault(login: Login) -> Login:
    login.vault_secret = login.register("app-vault", sensitive_scopes=["credential"])  # type: ignore[attr-defined]
    return login


def test_an_app_without_the_approval_is_sent_back_with_the_reason(login: Login) -> None:
    answer = query_of(login.authorize(**ASKED).location or "")
    assert answer["error"] == "invalid_scope"
    assert "credential needs an approval" in answer["error_description"]
    pushed = login.ask("push", {
        "response_type": "code", "redirect_uri": ADDRESS, "code_challenge": "c" * 43, "code_challenge_method": "S256",
        **ASKED}, authorization=basic(CLIENT, login.secret))
    assert (pushed.status, pushed.body and pushed.body["error"]) == (400, "invalid_scope")


def test_an_approved_app_gets_it_by_consent(vault: Login) -> None:
    location = vault.complete(
        vault.request_id(APPROVED, **ASKED), vault.sandbox_session(), consent=["openid", "credential"])
    tokens = vault.token(
        client=APPROVED, secret=vault.vault_secret, grant_type="authorization_code",  # type: ignore[attr-defined]
        code=query_of(location)["code"], redirect_uri=ADDRESS, code_verifier="v" * 64).body
    assert tokens is not None
    assert "credential" in claims_of(tokens["access_token"])["scope"].split()


@pytest.mark.parametrize(("scope", "granted"), [("openid credential order", True), ("credential", False)])
def test_an_approval_that_goes_during_the_login_goes(vault: Login, scope: str, granted: bool) -> None:
    request = vault.request_id(APPROVED, scope=scope)
    vault.directory.call(
        change_app, schemas.ChangeApp, app="app-vault", title="保管", scopes=["*"], redirect_uris=[ADDRESS])
    location = vault.complete(request, vault.sandbox_session(), consent=["openid", "credential", "order"])
    said = parse_qs(urlsplit(location).query)
    assert ("code" in said, said.get("error")) == (granted, None if granted else ["access_denied"])


def test_the_approval_of_production_counts_there_and_that_of_the_sandbox_here(vault: Login) -> None:
    with vault.transactions.begin("*") as tx:
        client = tx.clients.find(APPROVED)
    assert client is not None
    assert client.approved({"openid", "credential"}) == {"openid", "credential"}
    without = replace(client, access=replace(client.access, sensitive_scopes=()))
    assert without.approved({"openid", "credential", "order"}) == {"openid", "order"}
