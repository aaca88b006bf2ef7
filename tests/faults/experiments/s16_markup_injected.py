"""S16: markup and expressions of template languages as values, opened in a real browser."""
from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser

from shared_components.devstack import binaries
from shared_components.devstack.processes import ServerUnavailable
from tests.faults.lab import Lab
from tests.faults.markup import EXPRESSIONS, HIT, SURFACES, Document, Make, letter, values_evaluated
from tests.faults.report import Report
from tests.integration.gateway.browser import launched, watching

ID, TITLE = "S16", "markup and template expressions in values: letters, their headers, pages, drawings, in Chromium"
TARGET = "0 executed, and every expression shown as it was written; red with each escaping taken away"
OPERATIONS, UNIT = 1, "rounds"
PROOFS = 3
"""Words of each kind that are tried without escaping: a browser takes a moment for each."""
CLICK = "[...document.links].forEach(link => { if (link.protocol === 'javascript:') link.click() })"
TURN = "new Promise(done => setTimeout(done, 20))"
"""Events of elements, such as toggle, come in a later turn."""


def run(lab: Lab, report: Report) -> None:
    try:
        binaries.chromium()
    except ServerUnavailable as error:
        report.skip(str(error))
        return
    open_all(report)


def open_all(report: Report) -> None:
    report.faults = "scripts, handlers, addresses, header lines and expressions as the values of templates and titles"
    with launched() as browser, _served() as reader:
        for name, surface in SURFACES.items():
            hits, refused = reader.executed(browser, surface.words, surface.make)
            report.add(name, {"tried": len(surface.words), "refused": refused, HIT: len(hits)},
                       [f"executed: {words}" for words in hits])  # fmt: skip
            with surface.off():
                hits, _ = reader.executed(browser, surface.words[:PROOFS], surface.make)
            report.add_blind(f"{name}, without escaping", {"tried": len(surface.words[:PROOFS]), HIT: len(hits)},
                             len(hits))  # fmt: skip
        changed = reader.changed(browser)
        report.add("expressions", {"tried": len(EXPRESSIONS), HIT: len(changed)}, [f"shown otherwise: {one}"
                                                                                   for one in changed])  # fmt: skip
        with values_evaluated():
            seen = len(reader.changed(browser))
        report.add_blind("expressions, evaluated", {"tried": len(EXPRESSIONS), HIT: seen}, seen)


class Reader:
    """Opens documents over HTTP, under the type that each is said to have."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.document = Document("text/plain", b"")

    def executed(self, browser: Browser, words: Sequence[str], make: Make) -> tuple[list[str], int]:
        """The words that were executed, and how many were refused."""
        hits, refused = [], 0
        with watching(browser) as watched:
            for number, one in enumerate(words):
                made = make(one)
                if made is None:
                    refused += 1
                    continue
                self.document = made
                before = len(watched.problems)
                watched.page.goto(f"{self.address}/{number}")
                watched.page.evaluate(CLICK)
                watched.page.evaluate(TURN)
                if any(problem.endswith(HIT) for problem in watched.problems[before:]):
                    hits.append(one)
        return hits, refused

    def changed(self, browser: Browser) -> list[str]:
        """Expressions that a letter shows otherwise than they were written."""
        changed = []
        with watching(browser) as watched:
            for one in EXPRESSIONS:
                made = letter(one)
                assert made is not None, "an expression is a text like any other"
                self.document = made
                watched.page.goto(self.address)
                if one not in watched.page.inner_text("body"):
                    changed.append(one)
        return changed


@contextmanager
def _served() -> Iterator[Reader]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_document = self.path.lstrip("/").isdigit() or self.path == "/"
            content = reader.document.content if is_document else b""
            self.send_response(200 if is_document else 404)
            self.send_header("Content-Type", reader.document.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    reader = Reader(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
