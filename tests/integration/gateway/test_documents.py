"""A citizen's receipt as a file, over HTTP and in a real browser, from an order that was really paid."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.integration.bus_harness import wait_until
from tests.integration.gateway.browser import launched, watching
from tests.integration.gateway.pdf_text import text_of
from tests.integration.gateway.platform import ORDER, OTHER_KEY, Platform
from tests.integration.gateway.test_platform import code_of
from tests.unit.gateway.world import KEY_A

Receipt = dict[str, Any]


@pytest.fixture(scope="module")
def receipt(platform: Platform) -> Receipt:
    """Give the receipt of an order that was paid at the channel's own page."""
    order_id = platform.call("payment.create_order", **ORDER)["order_id"]
    pay_url = platform.call("payment.start_payment", order_id=order_id)["pay_url"]
    assert httpx.post(pay_url, data={"action": "confirm"}).status_code < 400

    def issued() -> list[Receipt]:
        found: list[Receipt] = platform.call("payment.list_receipts", order_id=order_id, state="issued")["items"]
        return found

    wait_until(lambda: bool(issued()), "a receipt with a number")
    return issued()[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as one:
        yield one


def address(receipt: Receipt) -> str:
    return f"/v1/payment/receipts/{receipt['receipt_id']}.pdf"


def name(receipt: Receipt) -> str:
    return f"{receipt['bill_code']}-{receipt['bill_number']}.pdf"


def test_it_is_a_pdf_with_the_receipts_number_on_it(platform: Platform, receipt: Receipt) -> None:
    answer = platform.ask(address(receipt), method="GET")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name(receipt)}"'
    text = text_of(answer.content)
    assert f"票据号码：{receipt['bill_number']}" in text
    assert f"校验码：{receipt['check_code']}" in text
    assert ORDER["payer_name"] in text


def test_head_says_the_same_without_the_file(platform: Platform, receipt: Receipt) -> None:
    got, head = (platform.ask(address(receipt), method=method) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    for header in ("content-type", "content-length", "content-disposition", "etag", "cache-control", "vary"):
        assert head.headers.get(header) == got.headers.get(header), header
    plain = platform.ask(address(receipt), method="HEAD", headers={"Accept-Encoding": "identity"})
    assert int(plain.headers["content-length"]) == len(got.content)


def test_who_has_it_already_is_told_so(platform: Platform, receipt: Receipt) -> None:
    tag = platform.ask(address(receipt), method="GET").headers["etag"]
    again = platform.ask(address(receipt), method="GET", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_nobody_else_gets_it(platform: Platform, receipt: Receipt) -> None:
    assert code_of(platform.ask(address(receipt), method="GET", key=None), 401) == "gateway.key-missing"
    assert code_of(platform.ask(address(receipt), method="GET", key=KEY_A), 401) == "gateway.key-unknown"
    theirs = platform.ask(address(receipt), method="GET", key=OTHER_KEY)
    none = platform.ask("/v1/payment/receipts/rcp_0.pdf", method="GET", key=OTHER_KEY)
    assert code_of(theirs, 404) == code_of(none, 404) == "payment.receipt-unknown"
    assert ORDER["payer_name"] not in platform.log


def test_a_person_saves_it_from_the_documentation(
    platform: Platform, browser: Browser, receipt: Receipt, tmp_path: Path,
) -> None:
    with watching(browser) as watched:
        watched.page.goto(f"{platform.address}/docs#payment.get_receipt")
        article = watched.page.locator('article[id="payment.get_receipt"]')
        article.locator("summary", has_text="As a file").click()
        article.get_by_label("receipt_id").fill(receipt["receipt_id"])
        article.get_by_role("button", name="Get the file").click()
        with watched.page.expect_download() as begun:
            article.get_by_role("link", name=name(receipt)).click()
        assert begun.value.suggested_filename == name(receipt)
        begun.value.save_as(tmp_path / "saved.pdf")
        assert str(receipt["bill_number"]) in text_of((tmp_path / "saved.pdf").read_bytes())
        assert watched.problems == []
        article.get_by_label("receipt_id").fill("../rcp")
        article.get_by_role("button", name="Get the file").click()
        expect(article.locator("output").last).to_contain_text("gateway.path-unknown")
        assert watched.outside(platform.address, "blob:") == []


def test_a_browser_that_goes_there_saves_it_under_its_number(
    platform: Platform, browser: Browser, receipt: Receipt,
) -> None:
    """As behind an app that adds its key: the browser takes it for a file, whatever it could show."""
    with watching(browser) as watched:
        watched.page.goto(platform.address)
        watched.page.set_extra_http_headers({"Authorization": "Bearer demo-app-key"})
        with watched.page.expect_download() as begun:
            watched.page.evaluate("path => { location.href = path }", address(receipt))
        assert begun.value.suggested_filename == name(receipt)
