"""Debian's Chromium, headless, driven by Playwright; installed with apt where it is missing and this is root."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from shared_components.devstack import binaries
from shared_components.devstack.processes import ServerUnavailable

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def chromium() -> str:
    """Give Chromium's path. Skips the test, in one line, where it is missing and cannot be installed."""
    try:
        return str(binaries.chromium())
    except ServerUnavailable as error:
        return pytest.skip(str(error))


@contextmanager
def launched() -> Iterator[Browser]:
    """With a profile of its own, gone afterwards."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, and what went wrong or left this machine while it was shown."""

    page: Page
    problems: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def outside(self, *addresses: str) -> list[str]:
        """Requests to anywhere but there."""
        return [url for url in self.requested if not url.startswith((*addresses, "data:"))]

    @property
    def too_wide(self) -> bool:
        """Whether it must be scrolled sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@contextmanager
def watching(browser: Browser, *, phone: bool = False, dark: bool = False) -> Iterator[Watched]:
    """A window of its own: no cookie, no cache of another."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    watched = Watched(page)
    page.on("console", lambda message: watched.problems.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watched.problems.append(str(error)))
    page.on("request", lambda request: watched.requested.append(request.url))

    def dismiss(dialog: object) -> None:
        watched.dialogs.append(str(dialog))
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    try:
        yield watched
    finally:
        context.close()
