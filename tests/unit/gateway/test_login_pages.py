"""The login's pages over HTTP: what a browser gets, and which forms are refused."""
from __future__ import annotations

import re
from typing import Any

import pytest

from services.gateway.adapters.login_pages.step_pages import ACCOUNT_NAVIGATION, OWN_PAGES, TEMPLATES
from services.gateway.adapters.login_pages.texts import CHINESE_TEXTS
from services.identity.login.domain.errors import LoginOver
from services.identity.login.domain.steps import DONE, STEPS, UPSTREAM
from shared_components.kernel.errors import TooManyRequests
from tests.unit.gateway.login_world import ACCOUNT, COOKIE, DEVICE, SECRET, STEP, Browser
from tests.unit.gateway.test_pages import Reader
from tests.unit.gateway.world import URL, problem_of
from tests.unit.pages.sources import template_texts

PATH = "/login/lgn_1"
HARM = "\"'><script>alert(1)</script>"
CHOICES = [{"value": "", "label": "本人", "hint": None}, {"value": "m_1", "label": HARM, "hint": HARM}]


def at(page: str, **more: Any) -> Browser:
    return Browser({"read_login": {**STEP, "page": page, "choices": CHOICES, "account": "林*", **more}})


def on_page(**answer: Any) -> tuple[Browser, str]:
    browser = Browser({"read_login": STEP, "continue_login": {**STEP, **answer}})
    return browser, browser.csrf(PATH)


def test_every_text_of_the_pages_has_chinese_and_none_is_left_over() -> None:
    assert template_texts(OWN_PAGES) | {link.text for link in ACCOUNT_NAVIGATION} | {"My account"} == set(CHINESE_TEXTS)


def test_every_step_that_waits_for_a_person_has_a_page() -> None:
    assert set(TEMPLATES) == set(STEPS) - {DONE, UPSTREAM}


@pytest.mark.parametrize("query", ["", "?lang=en", "?lang=en&elder=1"])
@pytest.mark.parametrize("page", TEMPLATES)
def test_a_page_is_whole_and_shows_foreign_text_as_text(page: str, query: str) -> None:
    answer = at(page).get(PATH + query)
    assert answer.status_code == 200
    reader = Reader()
    reader.feed(answer.text)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert "<script>alert" not in answer.text
    assert f'action="{PATH}{query.replace("&", "&amp;")}"' in answer.text


def test_a_page_is_private_and_its_form_leads_to_the_app_alone() -> None:
    headers = at("consent").get(PATH).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "form-action 'self' https://app.example;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_of_the_account_lets_no_form_leave_this_server() -> None:
    answer = Browser({"read_account": ACCOUNT}).get("/account/sessions")
    assert "form-action 'self';" in answer.headers["content-security-policy"]


def test_a_new_browser_gets_its_secrets_and_goes_to_its_first_step() -> None:
    browser = Browser({"begin_login": {**STEP, "language": "en"}})
    browser.cookies = {}
    answer = browser.get("/login?request=req_1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?lang=en")
    cookies = answer.headers.get_list("set-cookie")
    for cookie, name, argument in zip(cookies, (COOKIE, DEVICE), ("browser", "device"), strict=True):
        secret = re.match(rf"{name}=([A-Za-z0-9_-]{{43}});", cookie)
        assert secret
        assert browser.asked[0].kwargs[argument] == secret[1]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Domain" not in cookie
    assert ["Max-Age=31536000" in cookie for cookie in cookies] == [False, True]
    assert browser.asked[0].kwargs["request_id"] == "req_1"


def test_a_browser_that_is_known_keeps_its_secrets() -> None:
    assert "set-cookie" not in Browser({"begin_login": STEP}).get("/login?request=req_1").headers


def test_over_tls_the_cookie_is_bound_to_this_host() -> None:
    browser = Browser({"begin_login": STEP}, public_url="https://id.example")
    browser.cookies = {}
    cookie = browser.get("/login?request=req_1").headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie or cookie.endswith("Path=/")


def test_a_login_that_is_done_changes_the_browsers_secret_and_goes_back_to_the_app() -> None:
    browser, csrf = on_page(location="https://app.example/back?code=1", new_browser="n" * 43)
    answer = browser.post(PATH, {"csrf": csrf, "page": "identifier", "identifier": "lin", "action": "password"})
    assert (answer.status_code, answer.headers["location"]) == (303, "https://app.example/back?code=1")
    assert answer.headers["cache-control"] == "no-store"
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{COOKIE}={'n' * 43};")
    assert "Max-Age" not in cookie


def test_an_answer_reaches_identity_as_it_was_given() -> None:
    browser, csrf = on_page(page="password")
    answer = browser.post(f"{PATH}?lang=en", {"csrf": csrf, "page": "identifier", "identifier": "林 静+1"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?lang=en")
    sent = browser.asked[-1]
    assert sent.kwargs["answers"] == {"page": "identifier", "identifier": "林 静+1"}
    assert sent.kwargs["browser"] == SECRET
    assert sent.context["locale"] == "en"


def test_a_wrong_answer_shows_the_page_again_with_a_summary() -> None:
    browser, csrf = on_page(errors=[{"field": "identifier", "message": "请填写该项"}])
    answer = browser.post(PATH, {"csrf": csrf, "page": "identifier", "identifier": ""})
    assert answer.status_code == 422
    assert "<title>填写有误：登录</title>" in answer.text
    assert '<a href="#identifier">请填写该项</a>' in answer.text
    assert 'aria-describedby="identifier-problem"' in answer.text


# cross-site request forgery: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html

FOREIGN = {
    "another site": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "another site, an old browser": {"origin": "https://evil.example", "sec-fetch-site": ""},
    "another port": {"origin": "http://127.0.0.1:9000", "sec-fetch-site": "same-site"},
    "a sandboxed frame": {"origin": "null", "sec-fetch-site": "cross-site"},
    "another scheme": {"origin": "https://127.0.0.1:8000", "sec-fetch-site": ""},
    "no sign of where": {"origin": "", "sec-fetch-site": ""},
    "only a stated site": {"origin": "", "sec-fetch-site": "same-site"},
}


FORMS = (PATH, "/account/sessions", "/account/sign-out", f"{PATH}/passkey", "/account/passkey")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_form_that_another_site_sends_does_nothing(path: str, foreign: str) -> None:
    browser = Browser({"read_login": STEP})
    answer = browser.post(path, {"csrf": browser.csrf(PATH)}, **FOREIGN[foreign])
    assert answer.status_code == 403
    assert "gateway.form-foreign" in answer.text
    assert [asked.target for asked in browser.asked] == ["identity.read_login"]


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_its_pages_token_does_nothing(token: str) -> None:
    browser = Browser({"read_login": STEP})
    answer = browser.post(PATH, {"csrf": token, "identifier": "lin"})
    assert answer.status_code == 403
    assert "gateway.form-stale" in answer.text
    assert browser.asked == []


def test_a_token_counts_on_its_own_page_and_in_its_own_browser_alone() -> None:
    browser, csrf = on_page()
    assert browser.post("/login/lgn_2", {"csrf": csrf}).status_code == 403
    browser.cookies = {COOKIE: "t" * 43}
    assert browser.post(PATH, {"csrf": csrf}).status_code == 403
    browser.cookies = {}
    assert browser.post(PATH, {"csrf": csrf}).status_code == 403
    assert not any(asked.target == "identity.continue_login" for asked in browser.asked)


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"csrf={csrf}&page=a&page=b", 400, "gateway.form-invalid"),
    (b"csrf={csrf}&admin=1", 400, "gateway.form-invalid"),
    (b"csrf={csrf}&csrf={csrf}", 400, "gateway.form-invalid"),
    (b"csrf={csrf}&identifier=%ff", 400, "gateway.body-malformed"),
    (b"csrf={csrf}&" + b"&".join(b"page=%d" % n for n in range(50)), 400, "gateway.body-malformed"),
    (b"csrf={csrf}&identifier=" + b"x" * 40_000, 413, "gateway.body-too-large"),
])
def test_a_form_of_another_shape_is_refused_in_words(body: bytes, status: int, code: str) -> None:
    browser, csrf = on_page()
    answer = browser.post(PATH, body.replace(b"{csrf}", csrf.encode()))
    assert (answer.status_code, code in answer.text) == (status, True)
    assert "text/html" in answer.headers["content-type"]


def test_a_form_of_another_media_type_is_refused() -> None:
    browser, _ = on_page()
    answer = browser.post(PATH, b"{}", content_type="application/json")
    assert answer.status_code == 415


# errors are pages

@pytest.mark.parametrize(("query", "said"), [("", "本次登录已失效"), ("?lang=en", "This login is over")])
def test_a_login_that_is_over_says_so_on_a_page(query: str, said: str) -> None:
    answer = Browser({"read_login": LoginOver()}).get(PATH + query)
    assert answer.status_code == 404
    assert said in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_limit_says_how_long_to_wait() -> None:
    browser = Browser({"read_login": TooManyRequests(details={"retry_after_s": 30})})
    answer = browser.get(PATH)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


def test_without_identity_there_is_no_login() -> None:
    browser = Browser({})
    browser.edge = type(browser.edge)()
    problem_of(browser.get(PATH), 404, "gateway.path-unknown")


# the account

def test_without_a_session_the_account_leads_to_the_login() -> None:
    browser = Browser({"read_account": {**ACCOUNT, "location": "/login?target=sessions"}})
    answer = browser.get("/account/sessions?elder=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?target=sessions&elder=1")


def test_a_page_of_the_account_shows_its_things_and_does_what_is_asked() -> None:
    browser = Browser({"read_account": ACCOUNT, "change_account": {**ACCOUNT, "notice": "会话已结束。"}})
    path = "/account/sessions"
    shown = browser.get(path).text
    assert "结束会话" in shown
    assert 'aria-current="page"' in shown
    answer = browser.post(path, {"csrf": browser.csrf(path, action=path), "id": "ses_1", "action": "end"})
    assert answer.status_code == 200
    assert "会话已结束。" in answer.text
    assert browser.asked[-1].kwargs["answers"] == {"id": "ses_1", "action": "end"}


def test_signing_out_ends_on_a_page_that_says_so() -> None:
    browser = Browser({"read_account": ACCOUNT, "sign_out": {"signed_out": True}})
    csrf = browser.csrf("/account/sessions", action="/account/sign-out")
    answer = browser.post("/account/sign-out", {"csrf": csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/ended")
    assert "已退出登录" in browser.get("/account/ended").text


@pytest.mark.parametrize("page", ["sign-in", "requests", "mandates", "consents"])
def test_each_page_of_the_account_is_whole(page: str) -> None:
    view = {**ACCOUNT, "choices": [{"value": "copy", "label": "查阅、复制", "hint": None}]}
    reader = Reader()
    reader.feed(Browser({"read_account": view}).get(f"/account/{page}").text)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)


def test_a_page_that_the_account_has_not_is_not_found() -> None:
    assert Browser({}).get("/account/secrets").status_code == 404


@pytest.mark.parametrize(("proxies", "forwarded", "address"), [
    ([], "203.0.113.9", "127.0.0.1"), (["127.0.0.1"], "203.0.113.9", "203.0.113.9"),
    (["127.0.0.1"], "1.1.1.1, 203.0.113.9", "203.0.113.9"), (["127.0.0.1"], "", "127.0.0.1"),
    (["127.0.0.1"], "nowhere", "127.0.0.1"),
])
def test_only_our_own_proxy_names_the_browsers_address(proxies: list[str], forwarded: str, address: str) -> None:
    browser = Browser({"read_login": STEP}, trusted_proxies=proxies)
    browser.get(PATH, x_forwarded_for=forwarded)
    assert browser.asked[0].kwargs["address"] == address
    assert URL.startswith("http://127.0.0.1")
