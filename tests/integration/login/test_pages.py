"""Every page of the login and the account as a browser shows it: what axe-core, a phone and the console say."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from services.gateway.adapters.login_pages.account_endpoints import HEADINGS
from services.gateway.adapters.login_pages.step_pages import TEMPLATES
from tests.integration.gateway.browser import launched, watching
from tests.integration.gateway.served import Served, serving
from tests.integration.login.axe import violations
from tests.unit.gateway.fake_bus import Asked
from tests.unit.gateway.login_world import ACCOUNT, COOKIE, IDENTITY, SECRET, STEP

CHOICES = [{"value": "1", "label": "杭州示范餐饮有限公司", "hint": "有效期至 2027-12-31"},
           {"value": "2", "label": "本人", "hint": None}]
PROVIDERS = [{"value": "province", "label": "省统一身份认证", "hint": None}]
PROBLEMS = [{"field": "code", "message": "验证码未通过。请核对，或重新获取。"}]
VIEWS = ["?lang=zh", "?lang=en", "?lang=zh&elder=1"]


def step(asked: Asked) -> dict[str, Any]:
    """The login's id names the page; -wrong behind it shows a problem."""
    page, _, wrong = asked.kwargs["interaction"].partition("--")
    return {**STEP, "interaction": asked.kwargs["interaction"], "page": page, "choices": CHOICES, "account": "林*",
            "providers": PROVIDERS, "level_now": 1, "level_needed": 3, "errors": PROBLEMS if wrong else []}


def account(asked: Asked) -> dict[str, Any]:
    """Every page with all that it can show at once."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    return {
        **ACCOUNT, "choices": CHOICES, "notice": "会话已结束。", "codes": ["7K2QX-9MTRW", "ABCDE-FGHJK"],
        "enrolment": {"credential_id": "crd_1", "secret": secret,
                      "uri": f"otpauth://totp/zhongtai:abc123?secret={secret}&issuer=zhongtai"}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as one:
        yield one


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    answers: dict[str, Any] = {"identity.read_login": step, "identity.read_account": account}
    with serving(answers, contracts=[IDENTITY]) as one:
        yield one


PATHS = [*(f"/login/{page}" for page in TEMPLATES), "/login/code--wrong", *(f"/account/{page}" for page in HEADINGS),
         "/account/ended", "/login/gone/nowhere", "/account/gone"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_satisfies_axe_and_fits_the_screen(served: Served, browser: Browser, phone: bool) -> None:
    """One window for all: axe-core takes its time on each."""
    with watching(browser, phone=phone) as watched:
        watched.page.context.add_cookies([
            {"name": COOKIE, "value": SECRET, "url": served.address}])
        found: dict[str, Any] = {}
        for path in PATHS:
            for view in VIEWS if not phone else VIEWS[2:]:
                answer = watched.page.goto(served.address + path + view)
                assert answer is not None
                if answer.headers["content-type"].startswith("text/html"):
                    expect(watched.page.get_by_role("heading", level=1)).to_be_visible()
                    if told := violations(watched.page):
                        found[path + view] = told
                    if watched.too_wide:
                        found[path + view] = [*found.get(path + view, []), "too wide"]
        assert found == {}
        assert watched.outside(served.address) == []
        assert [each for each in watched.problems if "404" not in each and "422" not in each] == []


def test_dark_colours_have_contrast_enough(served: Served, browser: Browser) -> None:
    with watching(browser, dark=True) as watched:
        for path in ("/login/identifier", "/login/code--wrong", "/account/sign-in"):
            watched.page.goto(served.address + path)
            assert violations(watched.page) == [], path


def test_the_first_page_is_used_with_the_keyboard_alone(served: Served, browser: Browser) -> None:
    """Tab reaches the field and the buttons in the order of reading."""
    with watching(browser) as watched:
        page = watched.page
        page.goto(f"{served.address}/login/identifier?lang=en")
        reached = []
        for _ in range(9):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()"))
        wanted = ["identifier", "Continue with password", "Send a one-time code"]
        assert [each for each in reached if each in wanted] == wanted
        assert reached[0] == "Skip to the content"


@pytest.mark.parametrize("scripts", [True, False])
def test_passkeys_are_offered_where_the_browser_can_use_them(
    served: Served, browser: Browser, scripts: bool,
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    try:
        page = context.new_page()
        # WebAuthn needs a host name; `localhost` is this machine, too.
        port = urlsplit(served.address).port
        page.goto(f"http://localhost:{port}/login/identifier?lang=en")
        button = page.get_by_role("button", name="Use a passkey")
        if scripts:
            expect(button).to_be_visible()
        else:
            expect(button).to_be_hidden()
        expect(page.get_by_role("button", name="Continue with password")).to_be_visible()
    finally:
        context.close()
