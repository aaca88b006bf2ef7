"""The edge's pages, and the payment page of the sandbox channel, as a person sees them: in a real browser."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from shared_components.kernel.ids import new_id
from tests.integration.bus_harness import wait_until
from tests.integration.gateway.browser import launched, watching
from tests.integration.gateway.platform import ORDER, Platform
from tests.integration.gateway.served import serving
from tests.unit.gateway.test_methods import OPEN

PAGES = ("/", "/docs", "/docs/events", "/docs/errors")
HARM = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as one:
        yield one


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", [*PAGES, *(f"{path}?lang=zh&elder=1" for path in PAGES)])
def test_a_page_shows_itself_twice_without_a_complaint(
    platform: Platform, browser: Browser, path: str, phone: bool,
) -> None:
    """Twice: on the second visit the browser only asks whether it has changed."""
    with watching(browser, phone=phone) as watched:
        for _ in range(2):
            watched.page.goto(platform.address + path)
            assert watched.page.evaluate("document.styleSheets.length") == 1
            expect(watched.page.get_by_role("heading", level=1)).to_be_visible()
            assert not watched.too_wide
        assert watched.problems == []
        assert watched.outside(platform.address) == []


def test_a_reader_changes_the_language_and_the_size_and_keeps_both_on_the_next_page(
    platform: Platform, browser: Browser,
) -> None:
    with watching(browser) as watched:
        page = watched.page
        page.goto(platform.address)
        usual = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        page.get_by_role("link", name="中文").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("政务应用可复用组件")
        page.get_by_role("link", name="长辈模式").click()
        expect(page.locator("html.elder")).to_be_visible()
        page.get_by_role("navigation").get_by_role("link", name="错误代码").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("错误代码")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 1.5 * usual
        page.get_by_role("link", name="标准模式").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("错误代码")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == usual
        assert watched.problems == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(platform: Platform, browser: Browser, dark: bool) -> None:
    """Contrast of 4.5 to 1 or more (WCAG 2.2, 1.4.3) for every colour that text has."""
    with watching(browser, dark=dark) as watched:
        for path in PAGES:
            watched.page.goto(platform.address + path)
            low = watched.page.evaluate(CONTRAST)
            assert low == [], path


CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(one.outerHTML.slice(0, 80));
  }
  return [...found];
}"""


def test_every_method_is_shown_with_its_fields(platform: Platform, browser: Browser) -> None:
    with watching(browser) as watched:
        watched.page.goto(f"{platform.address}/docs")
        for service, method in OPEN:
            article = watched.page.locator(f'article[id="{service}.{method}"]')
            expect(article.get_by_role("heading")).to_have_text(method.replace("_", "-"))
        article = watched.page.locator('article[id="payment.create_order"]')
        expect(article.get_by_text("payer_name", exact=True)).not_to_be_visible()
        article.get_by_text("Request", exact=True).click()
        expect(article.get_by_text("payer_name", exact=True)).to_be_visible()


def test_a_newcomer_makes_an_order_from_the_first_page_with_the_keyboard_alone(
    platform: Platform, browser: Browser,
) -> None:
    with watching(browser) as watched:
        page = watched.page
        page.goto(platform.address)
        page.get_by_role("navigation").get_by_role("link", name="Documentation").press("Enter")
        page.get_by_role("link", name="create-order").press("Enter")
        article = page.locator('article[id="payment.create_order"]')
        article.locator("summary", has_text="Try it").press("Enter")
        article.get_by_role("button", name="Send").press("Enter")
        output = article.locator("output")
        expect(output).to_contain_text('"state": "created"')
        assert output.text_content().startswith("200")  # type: ignore[union-attr]
        assert watched.problems == []
        article.get_by_label("JSON for payment.create_order").fill('{"lines": []}')
        article.get_by_role("button", name="Send").press("Enter")
        expect(output).to_contain_text("bus.invalid-arguments")
        expect(output).to_contain_text("payer_name")
        page.get_by_label("App key for the forms below").fill("wrong")
        article.get_by_role("button", name="Send").press("Enter")
        expect(output).to_contain_text("gateway.key-unknown")
        assert watched.outside(platform.address) == []


def test_what_comes_back_is_shown_as_text(platform: Platform, browser: Browser) -> None:
    with watching(browser) as watched:
        watched.page.goto(f"{platform.address}/docs#payment.create_order")
        article = watched.page.locator('article[id="payment.create_order"]')
        article.locator("summary", has_text="Try it").click()
        article.get_by_label("JSON for payment.create_order").fill(
            '{"payer_name": "x", "lines": [{"item_code": "driving-licence-card"}], "reference": %r}'.replace(
                "%r", '"' + HARM + '"'))
        article.get_by_role("button", name="Send").click()
        expect(article.locator("output")).to_contain_text(HARM)
        assert article.locator("output *").count() == 0
        assert watched.dialogs == []


def test_what_a_contract_says_is_shown_as_text(browser: Browser) -> None:
    """The contract of this edge has markup in its summaries."""
    with serving() as served, watching(browser) as watched:
        for path in PAGES:
            watched.page.goto(served.address + path)
        watched.page.goto(f"{served.address}/docs")
        expect(watched.page.get_by_text("Writes <script>alert(1)</script> & more.")).to_be_visible()
        assert (watched.dialogs, watched.problems) == ([], [])


def test_a_script_that_got_in_would_not_run(platform: Platform, browser: Browser) -> None:
    """The policy itself: put in by hand, as if our escaping had failed."""
    with watching(browser) as watched:
        watched.page.goto(f"{platform.address}/docs")
        watched.page.evaluate("html => { document.body.innerHTML += html }", HARM)
        watched.page.wait_for_timeout(200)
        assert watched.dialogs == []
        assert any("Content Security Policy" in problem for problem in watched.problems)


# the payment page of the sandbox channel

def started(platform: Platform, **order: str) -> tuple[str, str]:
    """The order's id and the address of its payment page."""
    order_id = platform.call("payment.create_order", **(ORDER | order), reference=new_id("web"))["order_id"]
    return order_id, platform.call("payment.start_payment", order_id=order_id)["pay_url"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_payer_pays_and_the_order_is_paid_by_the_channels_callback(
    platform: Platform, browser: Browser, phone: bool,
) -> None:
    order_id, pay_url = started(platform, return_url=f"{platform.address}/")
    with watching(browser, phone=phone) as watched:
        watched.page.goto(pay_url)
        expect(watched.page.get_by_text("驾驶证工本费")).to_be_visible()
        expect(watched.page.get_by_text(re.compile(r"10\.00"))).to_be_visible()
        assert not watched.too_wide
        watched.page.get_by_role("button", name="Confirm the payment").press("Enter")
        expect(watched.page.get_by_role("heading", name="The payment is made")).to_be_visible()
        watched.page.reload()  # pays nothing twice
        expect(watched.page.get_by_role("heading", name="The payment is made")).to_be_visible()
        wait_until(lambda: platform.call("payment.get_order", order_id=order_id)["state"] == "paid", "paid")
        watched.page.get_by_role("link", name="Back to the matter").click()
        expect(watched.page.get_by_role("heading", level=1)).to_contain_text("government")
        assert watched.problems == []
        assert watched.outside(platform.address, platform.pay_channel) == []


def test_a_payer_gives_up(platform: Platform, browser: Browser) -> None:
    order_id, pay_url = started(platform)
    with watching(browser) as watched:
        watched.page.goto(pay_url)
        watched.page.get_by_role("button", name="Give up").click()
        expect(watched.page.get_by_role("heading", name="The payment was given up")).to_be_visible()
        assert watched.page.evaluate(CONTRAST) == []
        wait_until(lambda: platform.call("payment.get_order", order_id=order_id)["state"] == "failed", "failed")


def test_a_payment_page_that_there_is_not_says_what_to_do(platform: Platform, browser: Browser) -> None:
    with watching(browser) as watched:
        answer = watched.page.goto(f"{platform.pay_channel}/pay/nothing")
        assert answer is not None
        assert answer.status == 404
        expect(watched.page.get_by_role("heading", name="There is no such payment")).to_be_visible()


def test_a_payment_page_cannot_be_framed(platform: Platform, browser: Browser) -> None:
    """Another page could otherwise lay it under its own buttons."""
    _, pay_url = started(platform)
    with watching(browser) as watched:
        answer = watched.page.goto(pay_url)
        assert answer is not None
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
