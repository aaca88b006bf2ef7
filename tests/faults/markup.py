"""Words that would be programs where somebody reads them as markup, and what the platform makes of them for readers."""
from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from jinja2 import Environment

from services.matter.commands import drawing
from services.notification.messages.adapters import letters
from services.notification.messages.domain.mailer import Letter
from services.notification.templates.domain import template as templates
from services.notification.templates.domain.template import Template, TemplateKey, check_template, render
from services.payment.sandbox import pages as cashier
from services.payment.sandbox.books import Payment
from shared_components.kernel.email_address import parse_email_address
from shared_components.kernel.errors import AppError
from shared_components.pages import rendering
from shared_components.pages.presentation import Presentation

HIT = "executed"
CODE = f"console.error('{HIT}')"
SCRIPT, SCRIPT_ADDRESS = f"<script>{CODE}</script>", f"javascript:{CODE}"
MARKUP = (
    SCRIPT, f"<img src=x onerror={CODE}>", f"<svg onload={CODE}></svg>", f'">{SCRIPT}', f"'>{SCRIPT}",
    f"</title>{SCRIPT}", f"</style>{SCRIPT}", f"</textarea>{SCRIPT}", f"--> {SCRIPT}", f"]]>{SCRIPT}",
    f"<details open ontoggle={CODE}>x</details>", f'<a href="{SCRIPT_ADDRESS}">x</a>',
    f"<iframe srcdoc=\"<script>parent.{CODE}</script>\"></iframe>", f"{{{{ '<script>{CODE}</script>' }}}}",
)  # fmt: skip
EXPRESSIONS = ("{{ 6 * 7 }}", "${6 * 7}", "<%= 6 * 7 %>", "#{6 * 7}", "%(name)s", "((other))", "((name??42))")
HEADERS = (
    f"x\r\nContent-Type: text/html\r\n\r\n{SCRIPT}", f"x\nContent-Type: text/html\n\n{SCRIPT}",
    f"x\rContent-Type: text/html\r\r{SCRIPT}",
    f"=?utf-8?q?x=0D=0AContent-Type:_text/html=0D=0A=0D=0A?= {SCRIPT}",
)  # fmt: skip
HTML, SVG = "text/html; charset=utf-8", "image/svg+xml"
AT = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Document:
    """content_type: as it is told to the reader's browser."""

    content_type: str
    content: bytes


Make = Callable[[str], Document | None]
"""None where the words are refused."""


@dataclass(frozen=True)
class Surface:
    """Where words come to be read. off: what is taken away to see that they would be executed."""

    words: Sequence[str]
    make: Make
    off: Callable[[], AbstractContextManager[None]]


def letter(words: str) -> Document | None:
    """An e-mail with these words as a value of subject and body, as a mail reader opens it."""
    key = TemplateKey("transport", "", "told", "email", "zh-CN")
    template = check_template(Template(key, 1, "通知：((name))", "您好，((name))", AT))
    try:
        rendered = render(template, {"name": words})
    except AppError:
        return None
    return _opened(rendered.subject or "", rendered.body)


def subject(words: str) -> Document | None:
    """An e-mail whose subject begins with these words."""
    key = TemplateKey("transport", "", "told", "email", "zh-CN")
    template = Template(key, 1, "((name))", "您好", AT)
    try:
        rendered = render(template, {"name": words})
    except AppError:
        return None
    return _opened(rendered.subject or "", rendered.body)


def _opened(title: str, body: str) -> Document:
    made = letters.write_mail(
        Letter("msg_1", "zhang@example.cn", title, body), sender=parse_email_address("no-reply@example.cn"), at=AT,
        offers_8bitmime=False)
    read = email.message_from_bytes(made.content, policy=email.policy.default)
    content = read.get_payload(decode=True)
    assert isinstance(content, bytes), "a letter has one part"
    return Document(f"{read.get_content_type()}; charset=utf-8", content)


def payment_page(words: str) -> Document:
    """The cashier's page of a payment that is described so, without the policy that would hide a fault."""
    payment = Payment(
        "pre", words, 100, "CNY", words, "", AT + timedelta(days=3650), words, "http://127.0.0.1:9/", state="paid")
    page = cashier.SandboxPages().payment(payment, Presentation(), "/pay")
    return Document(HTML, page.encode())


def drawn(words: str) -> Document:
    """The drawing of a matter with such a title and such conditions."""
    title = {"zh": words, "en": words}
    step = {"step": "one", "title": title, "kind": "check", "when": words}
    return Document(SVG, drawing.svg({"title": title, "steps": [step]}, "zh").encode())


@contextmanager
def letters_as_html() -> Iterator[None]:
    """As a sender does that puts words into an HTML letter."""
    opened = _opened

    def html(title: str, body: str) -> Document:
        return Document(HTML, opened(title, body).content)

    with patch(f"{__name__}._opened", html):
        yield


@contextmanager
def subjects_as_they_come() -> Iterator[None]:
    with (
        patch.object(templates, "check_line", lambda what, text: text),
        patch.object(letters, "subject_words", lambda text: text),
    ):
        yield


@contextmanager
def pages_unescaped() -> Iterator[None]:
    def unescaped(*arguments: object, **options: object) -> Environment:
        return Environment(*arguments, **{**options, "autoescape": False})  # type: ignore[arg-type]  # noqa: S701

    with patch.object(rendering, "Environment", unescaped):
        yield


@contextmanager
def any_address_linked() -> Iterator[None]:
    with patch.object(cashier, "_web_address", lambda url: url):
        yield


@contextmanager
def drawings_unescaped() -> Iterator[None]:
    with patch.object(drawing, "escape", lambda text: text):
        yield


@contextmanager
def values_evaluated() -> Iterator[None]:
    """As a service does that gives its words to a template language once more."""
    opened = _opened

    def evaluated(title: str, body: str) -> Document:
        return opened(title, Environment().from_string(body).render(name="42"))  # noqa: S701

    with patch(f"{__name__}._opened", evaluated):
        yield


SURFACES = {
    "letters": Surface(MARKUP, letter, letters_as_html),
    "headers of letters": Surface(HEADERS, subject, subjects_as_they_come),
    "pages": Surface(MARKUP, payment_page, pages_unescaped),
    "links of pages": Surface((SCRIPT_ADDRESS, f" {SCRIPT_ADDRESS}", f"JavaScript:{CODE}"), payment_page,
                              any_address_linked),
    "drawings": Surface(MARKUP, drawn, drawings_unescaped),
}  # fmt: skip
