"""Userinfo, introspection, revocation, logout, and consents to apps."""
from __future__ import annotations

from typing import Any

import pytest

from services.identity.openid.domain.errors import AuthorizationRequestInvalid, ConsentNotFound
from services.identity.openid.domain.scopes import KNOWN, title_of
from services.identity.openid.usecases.consents import consent_needed
from services.identity.openid.usecases.manage_consents import (
    ListConsents,
    RevokeConsent,
    list_consents,
    revoke_consent,
)
from shared_components.security.authority.copies import process_copies
from tests.unit.identity.openid.world import ADDRESS, CLIENT, ISSUER, SANDBOX, Login, basic, claims_of, query_of

PERSONAL = "openid profile email phone"


def scoped(login: Login, scope: str, subject: str | None = None, client: str = CLIENT, **more: Any) -> dict[str, Any]:
    session = login.sandbox_session(subject)
    request = login.request_id(client, scope=scope)
    location = login.complete(request, session, consent=more.pop("consent", scope.split()))
    body = login.exchange(query_of(location)["code"], client=client, **more).body
    assert body is not None and "access_token" in body, body
    return dict(body)


def person(login: Login) -> str:
    return login.sandbox_person(mobile="13800138000", email="lin@example.org")


def test_userinfo_says_what_scopes_and_consents_allow(login: Login) -> None:
    subject = person(login)
    tokens = scoped(login, PERSONAL, subject)
    body = login.userinfo(tokens["access_token"]).body
    assert body is not None
    assert body["sub"] == claims_of(tokens["id_token"])["sub"]
    assert (body["name"], body["email"], body["phone_number"]) == ("林静", "lin@example.org", "13800138000")
    only = login.userinfo(scoped(login, "openid email", subject)["access_token"]).body
    assert only is not None and set(only) == {"sub", "email", "email_verified"}


def test_a_portal_asks_for_no_consent_and_gets_names_masked(login: Login) -> None:
    subject = person(login)
    secret = login.register("app-city", kind="portal")
    tokens = scoped(login, PERSONAL, subject, "app-city-sandbox", consent=[], secret=secret)
    body = login.userinfo(tokens["access_token"]).body
    assert body is not None
    assert "林静" not in str(body) and "lin@" not in str(body) and "13800138000" not in str(body)
    assert {"name", "email", "phone_number"} <= set(body)


def test_what_leaves_for_an_app_is_on_record_without_its_values(login: Login) -> None:
    login.userinfo(scoped(login, PERSONAL, person(login))["access_token"])
    with login.transactions.database.reading(["*"]) as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM evidence_records").fetchall()
    told = [str(row) for row in rows if "subject.disclosed" in str(row)]
    assert len(told) == 1 and "phone_number" in told[0] and "13800138000" not in told[0]


@pytest.mark.parametrize(("authorization", "status", "challenge"), [
    (None, 401, 'Bearer realm="zhongtai"'), ("Basic abc", 400, 'Bearer realm="zhongtai", error="invalid_request"'),
    ("Bearer ", 400, 'Bearer realm="zhongtai", error="invalid_request"'),
    ("Bearer e30.e30.x", 401, 'Bearer realm="zhongtai", error="invalid_token"'),
    ("Bearer " + "x" * 8000, 401, 'Bearer realm="zhongtai", error="invalid_token"'),
])
def test_userinfo_without_a_right_token_says_so_as_rfc_6750_has_it(
    login: Login, authorization: str | None, status: int, challenge: str,
) -> None:
    answer = login.ask("userinfo", authorization=authorization)
    assert (answer.status, answer.challenge) == (status, challenge)


def test_userinfo_needs_scope_openid(login: Login) -> None:
    answer = login.userinfo(scoped(login, "order")["access_token"])
    assert (answer.status, answer.body and answer.body["error"]) == (403, "insufficient_scope")
    assert "id_token" not in scoped(login, "order")


def test_an_id_token_is_no_access_token(login: Login) -> None:
    assert login.userinfo(scoped(login, "openid")["id_token"]).status == 401


def test_a_client_hears_of_its_own_tokens_alone(login: Login) -> None:
    token = scoped(login, "openid order")["access_token"]
    said = login.ask("introspect", {"token": token}, authorization=basic_of(login)).body
    assert said is not None and (said["active"], said["client_id"], said["aud"]) == (True, CLIENT, SANDBOX)
    other = login.register("app-other")
    stranger = login.ask("introspect", {"token": token}, authorization=basic_of(login, "app-other-sandbox", other))
    assert stranger.body == {"active": False}
    assert login.ask("introspect", {"token": "x"}, authorization=basic_of(login)).body == {"active": False}
    login.wait(minutes=11)
    assert login.ask("introspect", {"token": token}, authorization=basic_of(login)).body == {"active": False}


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_revoked_token_ends_what_its_login_gave_the_client(login: Login, kind: str) -> None:
    tokens, other = scoped(login, "openid"), login.register("app-other")
    revoke = {"token": tokens[kind], "token_type_hint": "anything"}
    for client, secret, status in (("app-other-sandbox", other, 200), (CLIENT, login.secret, 401)):
        answer = login.ask("revoke", revoke, authorization=basic_of(login, client, secret))
        assert (answer.status, answer.body) == (200, {})
        assert login.userinfo(tokens["access_token"]).status == status
    assert login.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status == 400
    assert login.ask("revoke", {"token": "x"}, authorization=basic_of(login)).status == 200


def test_a_logout_ends_the_session_of_the_id_token_and_goes_to_a_registered_address(login: Login) -> None:
    login.register("app-bye", post_logout_redirect_uris=["https://tax.example/bye"])
    session = login.sandbox_session()
    hint = login.tokens(session)["id_token"]
    with pytest.raises(AuthorizationRequestInvalid):
        login.ask("end_session", {"id_token_hint": hint, "post_logout_redirect_uri": "https://tax.example/bye"})
    assert login.userinfo(login.tokens(session)["access_token"]).status == 200, "nothing ended"
    answer = login.ask("end_session", {"id_token_hint": hint, "client_id": CLIENT})
    assert (answer.status, answer.location) == (303, "/account/ended")
    with pytest.raises(AssertionError):
        login.tokens(session)


def test_a_logout_takes_state_and_old_tokens_and_no_strange_ones(login: Login) -> None:
    secret = login.register("app-bye", post_logout_redirect_uris=["https://tax.example/bye"])
    hint = scoped(login, "openid", client="app-bye-sandbox", secret=secret)["id_token"]
    login.wait(days=3)
    given = {"id_token_hint": hint, "post_logout_redirect_uri": "https://tax.example/bye", "state": "s 1"}
    assert login.ask("end_session", given).location == "https://tax.example/bye?state=s+1"
    for wrong in ({"client_id": CLIENT}, {"id_token_hint": hint[:-4] + "AAAA"}, {"id_token_hint": "x"},
                  {"post_logout_redirect_uri": "https://evil.example/"}):
        with pytest.raises(AuthorizationRequestInvalid):
            login.ask("end_session", {**given, **wrong})


def test_a_logout_without_an_id_token_asks_the_person(login: Login) -> None:
    assert login.ask("end_session", {"client_id": CLIENT}).location == "/account/sessions"
    assert login.ask("end_session").location == "/account/sessions"
    with pytest.raises(AuthorizationRequestInvalid):
        login.ask("end_session", {"post_logout_redirect_uri": ADDRESS})


def test_only_what_the_person_consents_to_is_granted_and_remembered(login: Login) -> None:
    subject = person(login)
    first = scoped(login, "openid order licence", subject, consent=["order"])
    assert first["scope"] == "openid order"
    second = scoped(login, "openid order", subject, consent=[])
    assert second["scope"] == "openid order"
    with login.served.begin(SANDBOX) as tx:
        client = tx.clients.find(CLIENT)
        assert consent_needed(tx, client, subject, {"openid", "order:tax", "licence", "profile"}) == {
            "licence", "profile"}


def test_a_person_who_consents_to_nothing_has_refused(login: Login) -> None:
    location = login.complete(login.request_id(scope="order"), login.sandbox_session(), consent=[])
    assert query_of(location)["error"] == "access_denied"


def test_consents_to_scopes_that_were_not_asked_for_are_not_remembered(login: Login) -> None:
    subject = person(login)
    scoped(login, "openid", subject, consent=["order"])
    with login.served.begin(SANDBOX) as tx:
        assert tx.consents.scopes(SANDBOX, subject, CLIENT) == frozenset()


def test_a_citizen_lists_and_revokes_consents_and_the_apps_tokens_count_no_more(login: Login) -> None:
    subject = person(login)
    tokens = scoped(login, "openid order profile", subject)
    context = login.acting(subject)
    with login.served.begin(context.tenant) as tx:
        page = list_consents(tx, ListConsents(limit=1), context)
        rest = list_consents(tx, ListConsents(limit=1, after=page.next), context)
    assert [each.scope for each in (*page.items, *rest.items)] == ["order", "profile"]
    login.catch_up()
    assert process_copies().consents(subject, CLIENT, "order")
    assert login.userinfo(tokens["access_token"]).status == 200
    with login.served.begin(context.tenant) as tx:
        assert revoke_consent(tx, RevokeConsent(CLIENT), context).revoked == 2
        with pytest.raises(ConsentNotFound):
            revoke_consent(tx, RevokeConsent(CLIENT), context)
    login.catch_up()
    assert not process_copies().consents(subject, CLIENT, "order")
    assert login.userinfo(tokens["access_token"]).status == 401
    assert login.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status == 400
    assert scoped(login, "openid order", subject)["scope"] == "openid order"


def test_nobody_revokes_another_persons_consents(login: Login) -> None:
    scoped(login, "openid order", person(login))
    context = login.acting(login.sandbox_person())
    with login.served.begin(context.tenant) as tx, pytest.raises(ConsentNotFound):
        revoke_consent(tx, RevokeConsent(CLIENT), context)
    with login.served.begin(context.tenant) as tx:
        assert list_consents(tx, ListConsents(), context).items == []


def test_the_metadata_name_what_is_served(login: Login) -> None:
    found = login.document("metadata")
    assert (found["issuer"], found["subject_types_supported"]) == (ISSUER, ["pairwise"])
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["response_types_supported"] == ["code"]
    assert found["acr_values_supported"] == [f"urn:zhongtai:level:{level}" for level in (1, 2, 3, 4)]
    assert "none" not in found["introspection_endpoint_auth_methods_supported"]
    login.tokens()
    keys = login.document("keys")["keys"]
    assert [(key["kty"], key["crv"], key["alg"], "d" in key) for key in keys] == [("EC", "P-256", "ES256", False)]


def test_each_scope_has_a_title_in_both_languages() -> None:
    assert all(title_of(scope).zh and title_of(scope) != title_of(scope).zh for scope in KNOWN)
    assert title_of("licence:driving-licence").zh.endswith("（driving-licence）")


def basic_of(login: Login, client: str = CLIENT, secret: str | None = None) -> str:
    return basic(client, secret or login.secret)
