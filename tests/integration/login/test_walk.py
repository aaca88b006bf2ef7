"""A person in a real browser: login, consent, step-up, acting for a company, the end of the session."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from services.identity.sandbox.sign_in import PASSWORD
from shared_components.security.tokens import claims_stated
from tests.integration.gateway.browser import launched
from tests.integration.login.axe import violations
from tests.integration.login.walked import AGENT, CITIZEN, DESK, LEVEL_2, LEVEL_3, OFFICER, Walked

WORDS = {
    "zh": {"password": "密码登录", "sign in": "登录", "continue": "下一步", "allow": "同意授权", "code": "获取验证码",
           "identifier": "证件号码、手机号、电子邮箱或用户名", "secret": "密码", "one-time": "验证码",
           "company": "杭州示范餐饮有限公司", "myself": "本人", "end": "结束会话: 本浏览器"},
    "en": {"password": "Continue with password", "sign in": "Sign in", "continue": "Continue", "allow": "Allow",
           "code": "Send a one-time code", "one-time": "One-time code", "secret": "Password",
           "identifier": "Identity document number, mobile number, e-mail address or user name",
           "company": "杭州示范餐饮有限公司", "myself": "Myself", "end": "End the session: This browser"},
}


ENROLMENT = {
    "zh": {"set up": "设置身份验证器", "qr": "密钥二维码", "code": "6 位动态码", "confirm": "确认",
           "added": "身份验证器", "recovery": "生成新的恢复码", "sign out": "退出登录"},
    "en": {"set up": "Set up an authenticator app", "qr": "QR code of the key", "code": "Six-digit code",
           "confirm": "Confirm", "added": "Authenticator app", "recovery": "Make new recovery codes",
           "sign out": "Sign out"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as one:
        yield one


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    one = Walked(tmp_path_factory.mktemp("walked"))
    one.start()
    yield one
    one.stop()


class Person:
    """A window; every page that it comes to satisfies axe-core where scripts run."""

    def __init__(self, page: Page, language: str, *, scripts: bool = True, complaints: list[str]) -> None:
        self.page, self._words, self._scripts = page, WORDS[language], scripts
        self.complaints = complaints

    def press(self, what: str) -> None:
        self.page.get_by_role("button", name=self._words.get(what, what), exact=True).click()
        self.look()

    def look(self) -> None:
        if self._scripts and "/login/" in self.page.url:
            assert violations(self.page) == [], self.page.url

    def fill(self, what: str, text: str) -> None:
        self.page.get_by_label(self._words[what], exact=True).fill(text)

    def choose(self, what: str) -> None:
        self.page.get_by_label(self._words.get(what, what), exact=True).check()

    def sign_in(self, identifier: str) -> None:
        self.fill("identifier", identifier)
        self.press("password")
        self.fill("secret", PASSWORD)
        self.press("sign in")

    def go_on(self, walked: Walked) -> None:
        """Act for oneself and consent, where it is asked, until the app is reached."""
        if self.page.locator('input[name="principal"]').count():
            self.choose("myself")
            self.press("continue")
        if not self.page.url.startswith(walked.app):
            self.press("allow")
        self.page.wait_for_url(f"{walked.app}/cb?**")


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    language, scripts = getattr(request, "param", ("en", True))
    context = browser.new_context(
        locale={"zh": "zh-CN", "en": "en-GB"}[language], java_script_enabled=scripts, bypass_csp=False)
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield Person(page, language, scripts=scripts, complaints=complaints)
    context.close()
    assert [each for each in complaints if "favicon" not in each and "422" not in each] == []


@pytest.mark.parametrize("person", [("zh", True), ("en", True), ("zh", False), ("en", False)], indirect=True, ids=[
    "chinese", "english", "chinese without scripts", "english without scripts"])
def test_a_person_signs_in_levels_up_acts_for_a_company_and_signs_out(walked: Walked, person: Person) -> None:
    client, page = walked.client(), person.page
    page.goto(client.login_url(acr_values=LEVEL_2, prompt="consent"))
    person.look()
    person.sign_in(AGENT)
    if page.get_by_role("radio").first.get_attribute("name") == "way":
        page.get_by_role("radio").first.check()
        person.press("continue")
    person.choose("company")
    person.press("continue")
    expect(page.get_by_role("listitem")).to_have_count(3)
    person.press("allow")
    expect(page.get_by_role("heading", name="Back in the app")).to_be_visible()
    claims = client.fetch(page.url)
    assert claims["level"] == 2
    assert claims["act"]["scopes"] == ["case", "order"]
    page.goto(f"{walked.address}/account/sessions")
    if person._scripts:
        assert violations(page) == []
    expect(page.get_by_role("button", name=person._words["end"])).to_be_visible()
    page.goto(f"{walked.address}/account/mandates")
    expect(page.get_by_text("杭州示范餐饮有限公司")).to_be_visible()
    page.goto(client.logout_url())
    assert page.url == f"{walked.app}/bye?state=s1"
    page.goto(client.login_url())
    expect(page.get_by_label(person._words["identifier"], exact=True)).to_be_visible()


@pytest.mark.parametrize("person", [("zh", True)], indirect=True)
def test_elder_mode_stays_through_the_login(walked: Walked, person: Person) -> None:
    page = person.page
    page.goto(walked.client().login_url(ui_locales="zh-CN"))
    page.get_by_role("link", name="长辈模式").click()
    expect(page.locator("html.elder")).to_be_visible()
    person.fill("identifier", CITIZEN)
    person.press("password")
    expect(page.locator("html.elder")).to_be_visible()
    person.fill("secret", "不是这个密码")
    person.press("sign in")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("html.elder")).to_be_visible()


def test_a_one_time_code_comes_by_mail_and_an_app_may_ask_for_english(walked: Walked, person: Person) -> None:
    client, page = walked.client(), person.page
    page.goto(client.login_url(ui_locales="en"))
    person.fill("identifier", f"{CITIZEN.lower()}@citizen.example")
    person.press("code")
    expect(page.get_by_label("One-time code", exact=True)).to_be_visible()
    person.fill("one-time", walked.last_code())
    person.press("continue")
    if page.get_by_role("radio").count():
        person.choose("myself")
        person.press("continue")
    person.press("allow")
    assert client.fetch(page.url)["level"] >= 1


@pytest.mark.parametrize("person", [("zh", True)], indirect=True)
def test_an_officer_works_in_one_post(walked: Walked, person: Person) -> None:
    client = walked.client(DESK)
    person.page.goto(client.login_url())
    person.sign_in(OFFICER)
    person.page.get_by_role("radio").first.check()
    person.press("continue")
    claims = client.fetch(person.page.url)
    assert (claims["kind"], claims["roles"]) == ("officer", ["handler"])


def test_face_is_not_the_only_way_to_a_level(walked: Walked, person: Person) -> None:
    page = person.page
    page.goto(walked.client().login_url(acr_values=LEVEL_3))
    person.sign_in(CITIZEN)
    ways = page.get_by_role("radio")
    assert ways.count() > 1
    expect(page.get_by_text(re.compile("service counter")).first).to_be_visible()


def test_a_wrong_password_is_told_at_the_field_and_to_screen_readers(walked: Walked, person: Person) -> None:
    page = person.page
    page.goto(walked.client().login_url())
    person.fill("identifier", CITIZEN)
    person.press("password")
    person.fill("secret", "wrong")
    person.press("sign in")
    field = page.get_by_label("Password", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_role("alert").get_by_role("link").click()
    expect(field).to_be_focused()


def test_a_login_that_is_cancelled_goes_back_with_an_error(walked: Walked, person: Person) -> None:
    page = person.page
    page.goto(walked.client().login_url())
    person.press("Cancel and go back to the app")
    assert page.url.startswith(f"{walked.app}/cb?error=access_denied")


@pytest.fixture
def authenticator(person: Person) -> str:
    """Chromium's own authenticator in software, which always finds its user."""
    devtools = person.page.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})
    return str(made["authenticatorId"])


def test_a_passkey_is_added_and_signs_in_without_an_identifier(
    walked: Walked, person: Person, authenticator: str,
) -> None:
    page, client = person.page, walked.client()
    page.goto(client.login_url())
    person.sign_in("320106196501010019")
    person.press("allow")
    page.goto(f"{walked.address}/account/sign-in")
    page.get_by_label("Name of the device", exact=True).fill("My laptop")
    page.get_by_role("button", name="Add a passkey", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="The passkey is added")).to_be_visible()
    expect(page.get_by_role("heading", name="Passkey: My laptop")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(client.login_url())
    page.get_by_role("button", name="Use a passkey", exact=True).click()
    page.wait_for_url(f"{walked.app}/cb?**")
    client.fetch(page.url)
    assert "hwk" in claims_stated(client.tokens["id_token"])["amr"]


def test_a_form_that_another_site_makes_the_browser_send_does_nothing(walked: Walked, person: Person) -> None:
    page = person.page
    page.goto(walked.client().login_url())
    address = page.url
    page.goto(f"{walked.app}/cb")
    page.evaluate("""(address) => {
      document.body.innerHTML = `<form method="post" action="${address}"><input name="identifier" value="x"></form>`;
      document.forms[0].submit();
    }""", address)
    expect(page.get_by_text("gateway.form-foreign")).to_be_visible()
    person.complaints.clear()


@pytest.mark.parametrize("person", [("zh", True), ("en", False)], indirect=True, ids=[
    "chinese in elder mode", "english without scripts"])
def test_an_authenticator_app_is_enrolled_and_recovery_codes_are_shown_once(walked: Walked, person: Person) -> None:
    zh, page, client = person._scripts, person.page, walked.client()
    # After the tests before: these persons are asked for a code of the app from now on.
    number = "320106196501010019" if zh else CITIZEN
    words = ENROLMENT["zh" if zh else "en"]
    page.goto(client.login_url())
    person.sign_in(number)
    person.go_on(walked)
    page.goto(f"{walked.address}/account/sign-in" + ("?elder=1" if zh else ""))
    page.get_by_role("button", name=words["set up"], exact=True).click()
    expect(page.get_by_role("img", name=words["qr"])).to_be_visible()
    secret = page.locator("code").first.inner_text()
    if zh:
        expect(page.locator("html.elder")).to_be_visible()
        assert violations(page) == []
    page.get_by_label(words["code"], exact=True).fill("000000")
    page.get_by_role("button", name=words["confirm"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("code").first.inner_text() == secret, "scanned once"
    page.get_by_label(words["code"], exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name=words["confirm"], exact=True).click()
    expect(page.get_by_role("heading", name=words["added"], exact=True)).to_be_visible()
    page.get_by_role("button", name=words["recovery"], exact=True).click()
    expect(page.locator("ul.codes li")).to_have_count(10)
    recovery = page.locator("ul.codes li").first.inner_text()
    if zh:
        assert violations(page) == []
    page.goto(f"{walked.address}/account/sign-in")
    expect(page.locator("ul.codes")).to_have_count(0)
    page.get_by_role("button", name=words["sign out"], exact=True).click()
    page.goto(client.login_url())
    person.sign_in(number)
    page.get_by_label(words["code"], exact=True).fill(recovery)
    person.press("continue")
    person.go_on(walked)
