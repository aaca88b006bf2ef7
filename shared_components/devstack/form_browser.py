"""A browser without scripts: follows redirects, keeps cookies, fills in forms and sends them as a browser does."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""A form of ours is never answered with 307 or 308, which would send it once more."""
TIMEOUT_S = 20.0


@dataclass
class Form:
    """action: where it goes. fields: with the values that the page gave. buttons: (text, name, value)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.heading, self.problems = "", []  # type: ignore[var-annotated]
        self._button: tuple[str, str] | None = None
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and self.forms and given.get("name"):
            self._input(given)
        elif tag == "button" and self.forms:
            self._button, self._text = (given.get("name", ""), given.get("value", "")), []
        elif tag == "h1" or given.get("class") == "problem":
            self._text = []

    def _input(self, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        if given.get("type") == "radio":
            form.radios.setdefault(name, []).append(given.get("value", ""))
        else:
            form.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text or []).strip()
        if tag == "button" and self._button is not None:
            self.forms[-1].buttons.append((text, *self._button))
            self._button, self._text = None, None
        elif tag == "h1":
            self.heading, self._text = text, None
        elif tag == "p" and self._text is not None:
            self.problems += [text] if text else []
            self._text = None


class FormBrowser:
    """One window. outside: origins of apps; a redirect there ends the way, and `address` has it.

    locale: the language that it prefers.
    """

    def __init__(self, *, outside: str, locale: str = "en") -> None:
        self._client = httpx.Client(
            timeout=TIMEOUT_S, follow_redirects=False, headers={"Accept-Language": locale})
        self._outside = outside
        self.address, self.page, self.status = "", "", 0

    def __enter__(self) -> FormBrowser:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    @property
    def heading(self) -> str:
        return self._read().heading

    @property
    def problems(self) -> list[str]:
        """Messages beside the fields."""
        return self._read().problems

    @property
    def is_outside(self) -> bool:
        """Whether the way has led back to the app."""
        return self.address.startswith(self._outside)

    def open(self, address: str) -> None:
        self._follow(self._client.get(address), address)

    def submit(self, button: str = "", /, **answers: str) -> None:
        """Send the form that has this button (its text or its value) and all these fields. Raises LookupError."""
        form, chosen = self._form(button, answers)
        pressed = {chosen[1]: chosen[2]} if chosen[1] else {}
        action = urljoin(self.address, form.action)
        answer = self._client.post(action, data={**form.fields, **answers, **pressed}, headers={
            "Origin": _origin(self.address), "Sec-Fetch-Site": "same-origin"})
        self._follow(answer, action)

    def choices(self, name: str) -> list[str]:
        """Values of the page's radio buttons of this name."""
        return [value for form in self._read().forms for value in form.radios.get(name, [])]

    def _form(self, button: str, answers: Mapping[str, str]) -> tuple[Form, tuple[str, str, str]]:
        for form in self._read().forms:
            chosen = next((each for each in form.buttons if button in ("", each[0], each[2])), None)
            if chosen is not None and set(answers) <= {*form.fields, *form.radios}:
                return form, chosen
        raise LookupError(f"page '{self.heading}' has no form with button '{button}' and fields {sorted(answers)}")

    def _follow(self, answer: httpx.Response, address: str) -> None:
        for _ in range(MOST_REDIRECTS):
            self.address, self.page, self.status = address, answer.text, answer.status_code
            if answer.status_code not in REDIRECTS:
                return
            address = urljoin(address, answer.headers["location"])
            if address.startswith(self._outside):
                self.address, self.page = address, ""
                return
            answer = self._client.get(address)
        raise LookupError(f"more than {MOST_REDIRECTS} redirects")

    def _read(self) -> _Forms:
        parser = _Forms()
        parser.feed(self.page)
        return parser


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
