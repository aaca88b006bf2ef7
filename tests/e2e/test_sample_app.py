"""The sample app beside a platform, as persons use it in a browser: citizen, officer, shop."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from services.identity.sandbox.sign_in import PASSWORD
from shared_components.devstack.processes import free_port
from tests.e2e.commands import ROOT, Running, environment
from tests.integration.bus_harness import wait_until
from tests.integration.gateway.browser import launched
from tests.integration.login.axe import violations

APP = ROOT / "docs/examples/residence-permit"
CITIZEN, OFFICER = "33010619850615002X", "11010519491231002X"
WAIT_S = 60.0

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app answers, beside a platform that runs."""
    folder = tmp_path_factory.mktemp("sample")
    configuration = folder / "zhongtai.yaml"
    configuration.write_text(json.dumps({"http": {"port": free_port()}}))
    app = f"http://127.0.0.1:{free_port()}"
    with Running(folder, more={"ZHONGTAI_CONFIG": str(configuration)}) as platform:
        prepared = subprocess.run(
            [sys.executable, str(APP / "prepare.py"), "--platform", platform.address(), "--address", app,
             "--settings", "settings.json"],
            cwd=folder, capture_output=True, text=True, timeout=300, check=False,
            env=environment(ZHONGTAI_CONFIG=str(folder / "var/sandbox/zhongtai.yaml")))
        assert prepared.returncode == 0, prepared.stderr
        assert (folder / "settings.json").stat().st_mode & 0o077 == 0
        with serving(folder, app):
            yield app


@contextmanager
def serving(folder: Path, app: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "permit_app", "settings.json"], cwd=folder, stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(APP)})
    try:
        wait_until(lambda: _answers(app), "the app", seconds=WAIT_S)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _answers(app: str) -> bool:
    try:
        return httpx.get(f"{app}/").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as one:
        yield one


@contextmanager
def window(browser: Browser, locale: str = "zh-CN", *, scripts: bool = True) -> Iterator[Page]:
    """A person's own: no cookie of another."""
    context = browser.new_context(locale=locale, java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(WAIT_S * 1000)
    yield page
    context.close()


def sign_in(page: Page, app: str, identifier: str) -> None:
    """The platform's login, step by step as it asks, back to the app."""
    page.get_by_label("证件号码、手机号、电子邮箱或用户名", exact=True).fill(identifier)
    page.get_by_role("button", name="密码登录", exact=True).click()
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    while not page.url.startswith(app):
        if page.get_by_role("radio").count():
            page.get_by_role("radio").first.check()
            page.get_by_role("button", name="下一步", exact=True).click()
        else:
            page.get_by_role("button", name="同意授权", exact=True).click()


def until(page: Page, address: str, role: str, name: str) -> None:
    """Open the page until it has this link or button."""
    def there() -> bool:
        page.goto(address)
        return page.get_by_role(role, name=name, exact=True).count() > 0  # type: ignore[arg-type]

    wait_until(there, name, seconds=WAIT_S)


def test_a_citizen_applies_an_officer_decides_and_a_shop_verifies(address: str, browser: Browser) -> None:
    with window(browser) as citizen, window(browser) as officer, window(browser, "en-GB", scripts=False) as shop:
        citizen.goto(f"{address}/citizen/apply")
        sign_in(citizen, address, CITIZEN)
        assert violations(citizen) == []
        citizen.get_by_role("button", name="提交申请").click()
        expect(citizen.locator("#address-problem")).to_have_text("未填写")
        assert violations(citizen) == []
        citizen.get_by_label("现居住地址").fill("湖滨路1号2幢")
        citizen.get_by_label("居住事由").select_option("study")
        citizen.get_by_role("button", name="提交申请").click()
        expect(citizen.locator("#state")).to_have_text("办理中")
        assert violations(citizen) == []
        case = citizen.url

        decide(officer, address)

        until(citizen, case, "link", "去缴费")
        citizen.get_by_role("link", name="去缴费").click()
        citizen.get_by_role("button", name="确认支付").click()
        citizen.get_by_role("link", name="返回办事页面").click()
        assert citizen.url == case, "the payment page leads back to the case"
        until(citizen, case, "button", "出示居住证")
        citizen.get_by_role("button", name="出示居住证").click()
        code = citizen.locator("#code").inner_text()
        assert violations(citizen) == []

        assert verify(shop, address, code) == "Valid: Valid"
        expect(shop.get_by_text("林静")).to_be_visible()
        assert verify(shop, address, code) == "Not valid: Not found", "a code works once"


def decide(officer: Page, address: str) -> None:
    officer.goto(f"{address}/desk")
    sign_in(officer, address, OFFICER)

    def waits() -> bool:
        officer.goto(f"{address}/desk")
        return officer.get_by_role("link", name="民警审核").count() > 0

    wait_until(waits, "a task at the desk", seconds=WAIT_S)
    assert violations(officer) == []
    officer.get_by_role("link", name="民警审核").click()
    officer.get_by_role("button", name="不予通过").click()
    expect(officer.locator("[role=alert]")).to_be_visible()
    assert violations(officer) == []
    officer.get_by_label("居住地址已核实").check()
    officer.get_by_role("button", name="通过", exact=True).click()
    expect(officer.get_by_text("没有待办环节。")).to_be_visible()


def verify(shop: Page, address: str, code: str) -> str:
    shop.goto(f"{address}/shop?code={code}")
    shop.get_by_role("button", name="Verify").click()
    return shop.locator("#verdict").inner_text()
