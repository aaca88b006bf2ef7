"""Logins from the app's request to the way back, step by step."""
from __future__ import annotations

import pytest

from services.identity.login.domain.errors import LoginOver, LoginTargetUnknown
from services.identity.login.usecases.begin import begin_login
from services.identity.login.usecases.commands import BeginLogin
from tests.unit.identity.credentials.world import RIGHT
from tests.unit.identity.login.world import ADDRESS, Browser, Logins, values
from tests.unit.identity.openid.world import ADDRESS as APP_ADDRESS
from tests.unit.identity.openid.world import CLIENT, claims_of, query_of

NUMBER, OTHER = "33010619850615002X", "330106199003070014"
WRONG = "a wrong password"


def code_of(location: str | None) -> str:
    assert location is not None
    assert location.startswith(APP_ADDRESS)
    found = query_of(location)
    assert found["state"] == "st"
    assert found["iss"] == "http://127.0.0.1:8000"
    return found["code"]


def test_a_citizen_signs_in_by_password_consents_and_the_app_gets_tokens(logins: Logins) -> None:
    subject = logins.citizen(NUMBER)
    browser = logins.browser()
    assert browser.begin().page == "identifier"
    assert (browser.at.app_title, browser.at.app_owner, browser.at.leads_to) == ("示范应用", "税务局", APP_ADDRESS)
    assert browser.answer("password", identifier=NUMBER).page == "password"
    assert browser.answer(password=RIGHT).page == "consent"
    assert values(browser.at) == ["order"]
    assert browser.at.account == "林*"
    code = code_of(browser.answer("allow").location)
    answer = logins.exchange(code)
    assert answer.body is not None
    claims = claims_of(answer.body["access_token"])
    assert claims["client_id"] == CLIENT
    assert claims["scope"] == "openid order"
    assert subject


def test_a_citizen_signs_in_by_a_code_that_counts_in_this_login_alone(logins: Logins) -> None:
    logins.citizen(NUMBER, email="lin@citizen.example")
    browser, thief = logins.browser(), logins.browser("thief")
    browser.begin()
    assert browser.answer("code", identifier="lin@citizen.example").page == "code"
    code = browser.code()
    logins.wait(seconds=61)
    thief.begin()
    thief.answer("code", identifier="lin@citizen.example")
    refused = thief.answer(code=code)
    assert [problem.field for problem in refused.errors] == ["code"]
    assert browser.answer(code=code).page == "consent"


@pytest.mark.parametrize("number", [NUMBER, OTHER])
def test_a_wrong_password_and_an_unknown_person_look_the_same(logins: Logins, number: str) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    assert browser.answer("password", identifier=number).page == "password"
    refused = browser.answer(password=WRONG)
    assert refused.page == "password"
    (problem,) = refused.errors
    assert problem.field == "password"
    assert "not accepted" in problem.message
    assert refused.account is None


def test_a_remembered_consent_is_not_asked_for_again_and_a_session_saves_the_sign_in(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    code_of(browser.begin().location)
    assert browser.at.new_browser is None


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
def test_an_app_may_ask_for_a_new_sign_in(logins: Logins, asked: dict[str, str]) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    logins.wait(seconds=60)
    assert browser.begin(**asked).page == "identifier"
    code_of(browser.sign_in(NUMBER).location)


def test_an_app_may_ask_for_consent_again(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    assert browser.begin(prompt="consent").page == "consent"
    code_of(browser.answer("allow").location)


@pytest.mark.parametrize(("action", "page"), [("cancel", None), ("deny", None)])
def test_a_person_who_refuses_goes_back_with_the_error_of_oauth(
    logins: Logins, action: str, page: str | None,
) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    location = browser.answer(action).location
    assert location is not None
    assert query_of(location)["error"] == "access_denied"
    with pytest.raises(LoginOver):
        browser.read()


def test_without_a_page_an_app_learns_what_lacks(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    location = browser.begin(prompt="none").location
    assert location is not None
    assert query_of(location)["error"] == "login_required"
    browser.begin()
    browser.sign_in(NUMBER)
    location = browser.begin(prompt="none").location
    assert location is not None
    assert query_of(location)["error"] == "login_required"  # the first login is not done
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    code_of(browser.begin(prompt="none").location)
    location = browser.begin(prompt="none", scope="openid order licence").location
    assert location is not None
    assert query_of(location)["error"] == "consent_required"


# step-up

def test_a_level_is_raised_by_the_authority_and_face_is_not_the_only_way(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin(acr_values="urn:zhongtai:level:2")
    assert browser.sign_in(NUMBER).page == "step-up"
    assert (browser.at.level_now, browser.at.level_needed) == (1, 2)
    assert values(browser.at) == ["evidence:name-number-match", "evidence:proof-of-presence", "evidence:certificate"]
    assert browser.answer(way="evidence:name-number-match").page == "consent"


def test_a_level_of_two_factors_needs_a_further_proof_and_evidence(logins: Logins) -> None:
    logins.citizen(NUMBER, email="lin@citizen.example")
    browser = logins.browser()
    browser.begin(acr_values="urn:zhongtai:level:3")
    browser.sign_in(NUMBER)
    assert values(browser.at) == ["evidence:proof-of-presence", "evidence:certificate", "code"]
    assert browser.answer(way="evidence:proof-of-presence").page == "presence"
    assert browser.answer(token="sandbox-absent").errors[0].field == "token"
    assert browser.answer(token="sandbox-present").page == "step-up"
    assert values(browser.at) == ["code"]
    assert browser.answer(way="code").page == "code"
    assert browser.at.restart is False
    assert browser.answer(code=browser.code()).page == "consent"
    answer = logins.exchange(code_of(browser.answer("allow").location))
    assert answer.body is not None
    assert claims_of(answer.body["access_token"])["level"] == 3


def test_a_session_is_stepped_up_and_keeps_its_id(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    first = logins.exchange(code_of(browser.answer("allow").location)).body
    assert browser.begin(acr_values="urn:zhongtai:level:2").page == "step-up"
    second = logins.exchange(code_of(browser.answer(way="evidence:name-number-match").location)).body
    assert first is not None
    assert second is not None
    before, after = claims_of(first["access_token"]), claims_of(second["access_token"])
    assert (before["sid"], before["level"], after["level"]) == (after["sid"], 1, 2)


def test_a_choice_that_was_not_offered_is_refused(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin(acr_values="urn:zhongtai:level:2")
    browser.sign_in(NUMBER)
    assert browser.answer(way="evidence:counter-check").errors[0].field == "way"


# officers

def test_an_officer_chooses_a_post_and_the_session_has_its_department(logins: Logins) -> None:
    subject = logins.citizen(NUMBER)
    membership = logins.directory.join(logins.department.department_id, subject, "handler").membership_id
    elsewhere = logins.directory.add("公安局").department_id
    logins.directory.join(elsewhere, subject, "manager")
    logins.secret = logins.register("app-desk", kind="officer")
    browser = logins.browser()
    browser.begin("app-desk-sandbox")
    assert browser.sign_in(NUMBER).page == "officer-role"
    assert values(browser.at) == [membership]
    assert browser.answer(membership="mbr_none").errors[0].field == "membership"
    code = code_of(browser.answer(membership=membership).location)
    answer = logins.token(
        client="app-desk-sandbox", grant_type="authorization_code", code=code, redirect_uri=APP_ADDRESS,
        code_verifier="v" * 64)
    assert answer.body is not None, answer
    claims = claims_of(answer.body["access_token"])
    assert (claims["kind"], claims["roles"]) == ("officer", ["handler"])


def test_somebody_without_a_post_gets_no_further(logins: Logins) -> None:
    logins.citizen(NUMBER)
    logins.register("app-desk", kind="officer")
    browser = logins.browser()
    browser.begin("app-desk-sandbox")
    assert browser.sign_in(NUMBER).page == "officer-role"
    assert values(browser.at) == []


# one browser, one login

def test_a_login_is_of_one_browser_and_one_request_begins_one_login(logins: Logins) -> None:
    browser = logins.browser()
    request_id = logins.request_id()
    browser.begin(request_id=request_id)
    with pytest.raises(LoginOver):
        logins.browser("another").begin(request_id=request_id)
    stranger = logins.browser("another")
    stranger.step = browser.at
    for attempt in (stranger.read, lambda: stranger.answer("password", identifier=NUMBER)):
        with pytest.raises(LoginOver):
            attempt()


def test_a_planted_secret_has_no_part_in_the_session(logins: Logins) -> None:
    """Session fixation: the attacker knows the secret that the browser had before."""
    logins.citizen(NUMBER)
    planted = logins.browser("planted-by-the-attacker")
    planted.begin()
    planted.sign_in(NUMBER)
    planted.answer("allow")
    attacker = logins.browser("planted-by-the-attacker")
    assert attacker.begin().page == "identifier"
    assert attacker.account("sessions").location == "/login?target=sessions"
    assert planted.account("sessions").location is None


def test_an_old_page_changes_nothing(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    assert browser.answer("password", page="identifier", identifier=OTHER).page == "consent"
    assert browser.at.account == "林*"


def test_another_person_in_the_same_browser_ends_the_session_before(logins: Logins) -> None:
    logins.citizen(NUMBER)
    logins.citizen(OTHER, "张建国")
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    token = logins.exchange(code_of(browser.answer("allow").location)).body
    assert token is not None
    logins.wait(seconds=1)
    browser.begin(prompt="login")
    browser.sign_in(OTHER)
    code_of(browser.answer("allow").location)
    assert logins.userinfo(token["access_token"]).status == 401


@pytest.mark.parametrize(("request_id", "target"), [(None, None), ("req", "sessions")])
def test_a_login_leads_to_an_app_or_to_a_page(logins: Logins, request_id: str | None, target: str | None) -> None:
    with pytest.raises(LoginTargetUnknown):
        begin_login(
            logins.served, BeginLogin(ADDRESS, request_id, target, browser="secret"), logins.browser()._context(),
            providers=[])


# the account

def test_the_account_lists_sessions_and_ends_them(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser, second = logins.browser(), logins.browser("second")
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    second.begin()
    second.sign_in(NUMBER)
    rows = browser.account("sessions").rows
    assert sorted(row.title for row in rows) == ["Another browser or app", "This browser"]
    other = next(row for row in rows if row.title != "This browser")
    assert browser.act("sessions", action="end", id=other.id).notice is not None
    assert second.account("sessions").location == "/login?target=sessions"
    assert browser.act("sessions", action="end", id="ses_of_another").errors
    assert browser.act("sessions", action="steal", id=other.id).errors


def test_a_session_of_somebody_else_is_not_ended(logins: Logins) -> None:
    logins.citizen(NUMBER)
    logins.citizen(OTHER, "张建国")
    browser, second = logins.browser(), logins.browser("second")
    for each, number in ((browser, NUMBER), (second, OTHER)):
        each.begin()
        each.sign_in(number)
        each.answer("allow")
    (row,) = second.account("sessions").rows
    assert browser.act("sessions", action="end", id=row.id).errors
    assert second.account("sessions").rows


def test_consents_are_listed_and_withdrawn(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    (row,) = browser.account("consents").rows
    assert (row.id, row.title) == (CLIENT, "示范应用")
    assert browser.act("consents", action="revoke", id=CLIENT).rows == []
    assert browser.begin().page == "consent"


def test_mandates_need_a_level_and_the_login_gives_it(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    browser.answer("allow")
    assert browser.account("mandates").location == "/login?target=mandates"


def test_signing_out_ends_the_session_and_what_apps_got(logins: Logins) -> None:
    logins.citizen(NUMBER)
    browser = logins.browser()
    browser.begin()
    browser.sign_in(NUMBER)
    token = logins.exchange(code_of(browser.answer("allow").location)).body
    assert token is not None
    assert browser.sign_out() is True
    assert browser.sign_out() is False
    assert browser.account("sessions").location == "/login?target=sessions"
    assert logins.userinfo(token["access_token"]).status == 401


def signed_in(logins: Logins, number: str = NUMBER) -> Browser:
    logins.citizen(number, email="lin@citizen.example")
    browser = logins.browser()
    browser.begin()
    browser.sign_in(number)
    browser.answer("allow")
    return browser


NEW = "a longer sentence of mine"


@pytest.mark.parametrize(("answers", "field"), [
    ({"password": "", "again": ""}, "password"), ({"password": NEW, "again": "another"}, "again"),
])
def test_a_new_password_is_typed_twice(logins: Logins, answers: dict[str, str], field: str) -> None:
    (problem,) = signed_in(logins).act("sign-in", action="password", **answers).errors
    assert problem.field == field


def test_a_password_is_changed_by_who_has_just_signed_in(logins: Logins) -> None:
    browser = signed_in(logins)
    logins.wait(minutes=6)
    late = browser.act("sign-in", action="password", password=NEW, again=NEW)
    assert late.location == "/login?target=sign-in&fresh=1"
    assert browser.begin_account("sign-in", fresh=True).page == "identifier"
    assert browser.sign_in(NUMBER).location == "/account/sign-in"
    assert browser.act("sign-in", action="password", password=NEW, again=NEW).notice is not None
    other = logins.browser("other")
    other.begin()
    other.answer("password", identifier=NUMBER)
    assert other.answer(password=RIGHT).errors
    assert other.answer(password=NEW).location is not None


def test_a_request_about_personal_information_needs_a_strong_sign_in(logins: Logins) -> None:
    browser = signed_in(logins)
    assert browser.account("requests").location == "/login?target=requests"
    browser.begin_account("requests")
    browser.answer(way="evidence:proof-of-presence")
    browser.answer(token="sandbox-present")
    browser.answer(way="code")
    assert browser.answer(code=browser.code()).location == "/account/requests"
    page = browser.act("requests", action="request", kind="delete", text="mobile number")
    assert page.notice is not None
    (row,) = page.rows
    assert browser.act("requests", action="cancel", id=row.id).notice is not None
    assert browser.act("requests", action="request", kind="everything").errors
