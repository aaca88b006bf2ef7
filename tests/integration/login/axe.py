"""axe-core, unmodified, asked about a page in a browser.

Source: https://github.com/dequelabs/axe-core, rules tagged WCAG 2.0 to 2.2, levels A and AA
"""
from __future__ import annotations

import functools
from pathlib import Path

from playwright.sync_api import Page

from tests.npm_packages import node_modules

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).join(" | "));
}"""


@functools.cache
def source() -> str:
    return (node_modules(Path(__file__).parent / "axe_core") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, with the elements."""
    page.evaluate(source())
    found: list[str] = page.evaluate(ASK, TAGS)
    return found
