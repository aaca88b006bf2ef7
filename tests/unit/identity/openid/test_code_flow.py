"""The code flow: from an authorization request to tokens, and each way in which it is refused."""
from __future__ import annotations

from typing import Any

import pytest

from services.identity.directory import schemas
from services.identity.directory.usecases.close_app import freeze_app
from services.identity.openid.domain.errors import (
    AuthorizationRequestInvalid,
    AuthorizationRequestOver,
    LoginNotEnough,
)
from services.identity.openid.domain.id_token import half_hash
from services.identity.openid.usecases.complete_request import open_request, refuse_authorization
from shared_components.kernel.acting import OFFICER
from tests.unit.identity.openid.world import (
    ADDRESS,
    APP,
    CLIENT,
    ISSUER,
    SANDBOX,
    Login,
    basic,
    claims_of,
    query_of,
)


def test_a_code_becomes_tokens_that_name_the_login(login: Login) -> None:
    session = login.sandbox_session()
    location = login.complete(login.request_id(), session)
    assert location.startswith(ADDRESS + "?")
    assert query_of(location) | {"code": ""} == {"code": "", "state": "st", "iss": ISSUER}
    body = login.exchange(query_of(location)["code"]).body
    assert body is not None
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "openid order")
    proof = claims_of(body["id_token"])
    assert (proof["iss"], proof["aud"], proof["nonce"], proof["sid"]) == (ISSUER, CLIENT, "no", session.session_id)
    assert (proof["acr"], proof["amr"]) == ("urn:zhongtai:level:1", ["pwd"])
    assert proof["at_hash"] == half_hash(body["access_token"])
    assert proof["auth_time"] == int(session.auth_time.timestamp())
    access = claims_of(body["access_token"])
    assert (access["client_id"], access["aud"], access["scope"]) == (CLIENT, SANDBOX, "openid order")
    refreshed = login.token(grant_type="refresh_token", refresh_token=body["refresh_token"])
    assert refreshed.status == 200


@pytest.mark.parametrize(("changes", "error"), [
    ({"code_verifier": None}, "invalid_grant"), ({"code_verifier": "w" * 64}, "invalid_grant"),
    ({"redirect_uri": None}, "invalid_grant"), ({"redirect_uri": ADDRESS + "/"}, "invalid_grant"),
    ({"code": "ztc_unknown"}, "invalid_grant"), ({"code": "c" * 500}, "invalid_grant"),
    ({"code": None}, "invalid_request"),
    ({"grant_type": "password"}, "unsupported_grant_type"), ({"grant_type": None}, "invalid_request"),
    ({"client": "app-other-sandbox"}, "invalid_client"), ({"secret": "wrong"}, "invalid_client"),
])
def test_a_code_is_good_for_its_client_address_and_verifier_alone(
    login: Login, changes: dict[str, Any], error: str,
) -> None:
    answer = login.exchange(login.code(), **changes)
    assert answer.body is not None
    assert (answer.status, answer.body["error"]) == (401 if error == "invalid_client" else 400, error)
    assert "access_token" not in answer.body


def test_a_code_that_was_shown_wrongly_is_used_up(login: Login) -> None:
    code = login.code()
    login.exchange(code, code_verifier="w" * 64)
    assert login.exchange(code).status == 400


def test_another_clients_code_stays_what_it_is(login: Login) -> None:
    code, secret = login.code(), login.register("app-other")
    assert login.exchange(code, client="app-other-sandbox", secret=secret).status == 400
    assert login.exchange(code).status == 200


def test_a_code_that_is_used_twice_revokes_what_the_first_use_gave(login: Login) -> None:
    code = login.code()
    first = login.exchange(code).body
    assert first is not None and login.userinfo(first["access_token"]).status == 200
    assert login.exchange(code).status == 400
    assert login.userinfo(first["access_token"]).status == 401
    assert login.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).status == 400


def test_a_code_lives_a_minute_and_its_request_ten(login: Login) -> None:
    code = login.code()
    login.wait(seconds=60)
    assert login.exchange(code).status == 400
    request = login.request_id()
    login.wait(minutes=10)
    with pytest.raises(AuthorizationRequestOver):
        login.complete(request, login.sandbox_session())


def test_a_request_is_answered_once(login: Login) -> None:
    request, session = login.request_id(), login.sandbox_session()
    login.complete(request, session)
    with pytest.raises(AuthorizationRequestOver):
        login.complete(request, session)


def test_a_session_that_ended_meanwhile_gives_no_tokens(login: Login) -> None:
    session = login.sandbox_session()
    code = login.code(session)
    login.end(session)
    assert login.exchange(code).status == 400


@pytest.mark.parametrize("changes", [
    {"client_id": None}, {"client_id": "app-nobody"}, {"client_id": APP}, {"redirect_uri": None},
    {"redirect_uri": "https://evil.example/cb"}, {"redirect_uri": ADDRESS + "?a=1"},
    {"request_uri": "urn:ietf:params:oauth:request_uri:unknown"},
])
def test_without_a_right_client_and_address_the_browser_is_sent_nowhere(login: Login, changes: dict[str, Any]) -> None:
    with pytest.raises(AuthorizationRequestInvalid):
        login.authorize(**changes)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_client_or_address_that_comes_twice_is_trusted_neither_time(login: Login, name: str) -> None:
    value = {"client_id": CLIENT, "redirect_uri": ADDRESS}
    with pytest.raises(AuthorizationRequestInvalid):
        login.ask("authorize", "&".join(f"{key}={text}" for key, text in [*value.items(), (name, value[name])]))


@pytest.mark.parametrize(("changes", "error"), [
    ({"scope": "root"}, "invalid_scope"), ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"), ({"request": "e30.e30."}, "request_not_supported"),
    ({"id_token_hint": "e30.e30.x"}, "invalid_request"),
])
def test_other_mistakes_go_back_to_the_client(login: Login, changes: dict[str, Any], error: str) -> None:
    location = login.authorize(**changes).location
    assert location is not None and location.startswith(ADDRESS + "?")
    found = query_of(location)
    assert (found["error"], found["state"], found["iss"]) == (error, "st", ISSUER)
    assert "code" not in found


def test_a_parameter_that_comes_twice_goes_back_without_the_state_that_came_twice(login: Login) -> None:
    query = f"client_id={CLIENT}&redirect_uri={ADDRESS}&state=a&state=b"
    location = login.ask("authorize", query).location
    assert location is not None
    assert query_of(location)["error"] == "invalid_request"
    assert "state" not in query_of(location)


def test_a_frozen_app_neither_begins_nor_goes_on(login: Login) -> None:
    request, code = login.request_id(), login.code()
    login.directory.call(freeze_app_once, schemas.ByApp, app=APP)
    with pytest.raises(AuthorizationRequestInvalid):
        login.authorize()
    with pytest.raises(AuthorizationRequestOver):
        login.complete(request, login.sandbox_session())
    assert login.exchange(code).status == 401


def freeze_app_once(tx: Any, command: Any, context: Any) -> Any:
    return freeze_app(tx, command, context, frozen=True)


def test_the_login_must_be_as_recent_as_the_client_asks(login: Login) -> None:
    session = login.sandbox_session()
    login.wait(minutes=5)
    for changes in ({"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}):
        with pytest.raises(LoginNotEnough) as refused:
            login.complete(login.request_id(**changes), session)
        assert refused.value.details["needed"] == "login"
    request = login.request_id(prompt="login", max_age="0")
    assert "code" in query_of(login.complete(request, login.sandbox_session(session.subject_id)))


def test_the_level_must_be_the_one_that_the_client_asks_for(login: Login) -> None:
    with pytest.raises(LoginNotEnough) as refused:
        login.complete(login.request_id(acr_values="urn:zhongtai:level:3"), login.sandbox_session())
    assert refused.value.details["needed"] == "level"


def test_the_person_must_be_the_one_of_the_hint(login: Login) -> None:
    session = login.sandbox_session()
    hint = login.tokens(session)["id_token"]
    assert "code" in query_of(login.complete(login.request_id(id_token_hint=hint), session))
    with pytest.raises(LoginNotEnough) as refused:
        login.complete(login.request_id(id_token_hint=hint), login.sandbox_session())
    assert refused.value.details["needed"] == "account"


def test_a_person_of_the_other_environment_gets_no_code(login: Login) -> None:
    with pytest.raises(LoginNotEnough):
        login.complete(login.request_id(), login.open(login.person()))


def test_a_login_that_is_refused_goes_back_with_the_reason(login: Login) -> None:
    request = login.request_id(prompt="none")
    with login.served.begin(SANDBOX) as tx:
        opened, client = open_request(tx, request)
        assert (opened.asked.is_silent, client.client_id) == (True, CLIENT)
        location = refuse_authorization(tx, request, "login_required")
    assert query_of(location) | {"error_description": ""} == {
        "error": "login_required", "error_description": "", "state": "st", "iss": ISSUER}


def test_a_hint_of_the_login_is_kept_encrypted(login: Login) -> None:
    request = login.request_id(login_hint="330106199101010011")
    database = login.transactions.database
    with database.reading(["*"]) as session:
        raw = session.connection().exec_driver_sql("SELECT * FROM authorization_requests").fetchall()
    assert "330106199101010011" not in str(raw)
    with login.served.begin(SANDBOX) as tx:
        assert open_request(tx, request)[0].asked.login_hint == "330106199101010011"


def test_a_pushed_request_is_used_once_by_its_client_within_a_minute(login: Login) -> None:
    def pushed(**changes: Any) -> str:
        answer = login.ask("push", {
            "response_type": "code", "redirect_uri": ADDRESS, "scope": "openid", "code_challenge": "c" * 43,
            "code_challenge_method": "S256", **changes}, authorization=basic_of(login))
        assert answer.status == 201 and answer.body is not None, answer.body
        assert answer.body["expires_in"] == 60
        return str(answer.body["request_uri"])

    uri = pushed(state="pushed")
    location = login.ask("authorize", {"client_id": CLIENT, "request_uri": uri, "scope": "ignored"}).location
    assert location is not None
    with login.served.begin(SANDBOX) as tx:
        request, _ = open_request(tx, location.removeprefix("/login?request="))
    assert (request.asked.scopes, request.asked.state) == (frozenset({"openid"}), "pushed")
    login.register("app-other")
    for client, late in ((CLIENT, 0), ("app-other-sandbox", 0), (CLIENT, 60)):
        other = uri if client == CLIENT and not late else pushed()
        login.wait(seconds=late)
        with pytest.raises(AuthorizationRequestInvalid):
            login.ask("authorize", {"client_id": client, "request_uri": other})


def basic_of(login: Login) -> str:
    return basic(CLIENT, login.secret)


@pytest.mark.parametrize(("changes", "error"), [
    ({"redirect_uri": "https://evil.example/"}, "invalid_request"), ({"redirect_uri": None}, "invalid_request"),
    ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "request_uri_not_supported"),
    ({"scope": "root"}, "invalid_scope"), ({"client_id": "app-other-sandbox"}, "invalid_client"),
])
def test_a_wrong_pushed_request_is_refused_to_the_client_itself(
    login: Login, changes: dict[str, Any], error: str,
) -> None:
    answer = login.ask("push", {
        "response_type": "code", "redirect_uri": ADDRESS, "scope": "openid", "code_challenge": "c" * 43,
        "code_challenge_method": "S256", **changes}, authorization=basic_of(login))
    assert answer.body is not None and answer.body["error"] == error


def test_the_first_lookup_alone_works_over_all_realms(login: Login) -> None:
    login.tokens()
    assert login.served.opened[0] is None
    assert set(login.served.opened[1:]) == {SANDBOX}


def test_what_is_over_is_deleted_and_a_code_an_hour_later(login: Login) -> None:
    def left() -> int:
        with login.transactions.database.reading(["*"]) as session:
            return sum(session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in (  # noqa: S608
                "authorization_requests", "authorization_codes"))

    login.code()
    login.wait(minutes=40)
    login.code()
    login.wait(minutes=45)
    with login.served.begin() as tx:
        assert tx.login_leftovers.purge(login.clock.now()) == 3
    assert left() == 1


def test_a_console_is_for_officers_and_every_other_app_for_citizens(login: Login) -> None:
    login.register("app-desk", kind="officer")
    with pytest.raises(LoginNotEnough) as refused:
        login.complete(login.request_id("app-desk-sandbox"), login.sandbox_session())
    assert refused.value.details["needed"] == "account"
    subject = login.sandbox_person()
    desk = login.sandbox_session(subject, kind=OFFICER, membership_id=login.joined(subject))
    assert "code" in query_of(login.complete(login.request_id("app-desk-sandbox"), desk, consent=[]))
    with pytest.raises(LoginNotEnough):
        login.complete(login.request_id(), desk)
