"""The pages as text; how a browser shows them is asked in tests/integration/gateway/test_browser.py."""
from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from services.gateway.adapters.page_endpoints import NAVIGATION, OWN_PAGES
from services.gateway.adapters.pages.documentation import _limits
from services.gateway.adapters.texts import CHINESE_TEXTS
from tests.unit.gateway.test_methods import CONTRACTS, METHODS, OPEN
from tests.unit.gateway.world import Edge
from tests.unit.pages.sources import template_texts

PAGES = ("/", "/docs", "/docs/events", "/docs/errors")
VOID = {"input", "link", "meta", "br"}


class Reader(HTMLParser):
    """Every element is closed, every id is there once, every link leads somewhere here."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.open += [] if tag in VOID else [tag]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(edge: Edge, path: str) -> Reader:
    reader = Reader()
    reader.feed(edge.ask(path, "GET", key=None).text)
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def edge() -> Edge:
    return Edge(contracts=CONTRACTS)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_every_link_on_it_leads_somewhere(edge: Edge, path: str) -> None:
    page = read(edge, path)
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        target, _, fragment = link.partition("#")
        assert not link.startswith(("http", "//", "javascript:")), link
        answer = edge.ask(target or path, "GET", key=None)
        assert answer.status_code == 200, link
        assert not fragment or f'id="{fragment}"' in answer.text, link


@pytest.mark.parametrize("path", [*PAGES, "/assets/pages.css", "/openapi.json", "/schemas/matter-1.json"])
def test_a_page_that_has_not_changed_keeps_its_headers(edge: Edge, path: str) -> None:
    """A browser lays the headers of a 304 over the page that it has."""
    first = edge.ask(path, "GET", key=None)
    if path == "/":
        assert "etag" not in first.headers  # it says what is so now
        return
    again = edge.ask(path, "GET", key=None, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("content-security-policy", "etag", "cache-control", "x-content-type-options"):
        assert again.headers[name] == first.headers[name], name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_chinese_first_and_english_for_those_who_prefer_english(edge: Edge, path: str) -> None:
    for query, accepted, locale in (
        ("", None, "zh-CN"), ("", "fr", "zh-CN"), ("", "en-GB,zh;q=0.5", "en"), ("", "zh-CN,en;q=0.5", "zh-CN"),
        ("?lang=zh", "en", "zh-CN"), ("?lang=en", "zh", "en"), ("?lang=fr", "en", "en"),
    ):
        answer = edge.ask(path + query, "GET", key=None, headers={"Accept-Language": accepted} if accepted else {})
        assert answer.headers["content-language"] == locale, (query, accepted)
        assert answer.headers["vary"].startswith("Accept-Language")
        assert f'<html lang="{locale}">' in answer.text
        assert (">首页</a>" in answer.text) == (locale == "zh-CN")
        assert (">Home</a>" in answer.text) == (locale == "en")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_what_the_reader_chose(edge: Edge, path: str) -> None:
    text = edge.ask(f"{path}?lang=en&elder=1", "GET", key=None).text
    assert '<html lang="en" class="elder">' in text
    assert 'href="/docs?lang=en&amp;elder=1"' in text
    assert f'<a href="{path}?lang=zh&amp;elder=1" lang="zh-CN">' in text
    assert f'<a href="{path}?lang=en">Standard mode</a>' in text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_scripts_and_styles_of_this_server_alone(edge: Edge, path: str) -> None:
    policy = edge.ask(path, "GET", key=None).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_every_text_of_the_pages_has_chinese() -> None:
    shown = {*template_texts(OWN_PAGES), *(link.text for link in NAVIGATION)}
    assert {"Documentation", "Error codes", "What is here"} <= shown
    assert shown - set(CHINESE_TEXTS) == set()


def test_the_documentation_has_every_public_method_and_no_other(edge: Edge) -> None:
    ids = set(read(edge, "/docs").ids)
    assert {f"{service}.{name}" for service, name in OPEN} <= ids
    assert not {f"{service}.{method.name}" for service, method in METHODS if not method.public} & ids


def test_required_is_told_of_what_is_asked_and_not_of_what_is_answered(edge: Edge) -> None:
    text = edge.ask("/docs", "GET", headers={"Accept-Language": "en"}).text
    replies = re.findall(r"<summary>Reply</summary>(.*?)</details>", text, re.DOTALL)
    requests = re.findall(r"<summary>Request</summary>(.*?)</details>", text, re.DOTALL)
    assert any(">required</th>" in one for one in requests)
    assert replies and not any(">required</th>" in one for one in replies)


def test_the_error_codes_have_every_code_that_a_method_or_the_edge_answers_with(edge: Edge) -> None:
    ids = set(read(edge, "/docs/errors").ids)
    assert {kind.code for _, method in METHODS if method.public for kind in method.errors} <= ids
    assert {"gateway.key-missing", "gateway.overloaded", "bus.no-reply", "bus.operation-reused", "internal"} <= ids


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_contract_says_is_text_and_no_markup(language: str) -> None:
    edge = Edge()
    for path in PAGES:
        page = edge.ask(path, "GET", key=None, headers={"Accept-Language": language}).text
        assert "<script>alert(1)" not in page
        assert "<drawer>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in edge.ask("/docs", "GET").text


@pytest.mark.parametrize("path", ["/?q=<script>alert(1)</script>", "/docs/%3Cscript%3Ealert(1)%3C/script%3E"])
def test_what_an_address_says_stands_on_no_page(edge: Edge, path: str) -> None:
    answer = edge.ask(path, "GET", key=None)
    assert "alert(1)" not in answer.text


def test_the_demo_apps_key_is_shown_only_where_it_works() -> None:
    assert "demo-app-key" not in Edge().ask("/", "GET").text + Edge().ask("/docs", "GET").text
    development = Edge(apps=[])
    assert "demo-app-key" in development.ask("/", "GET").text
    assert 'value="demo-app-key"' in development.ask("/docs", "GET").text
    production = Edge(apps=[], environment="production")
    assert "demo-app-key" not in production.ask("/", "GET").text + production.ask("/docs", "GET").text


def test_the_first_command_is_one_that_works(edge: Edge) -> None:
    text = edge.ask("/", "GET").text
    found = re.search(r"curl http://127\.0\.0\.1:8000(\S+)", text)
    assert found
    assert edge.ask(found[1], json={}).status_code == 503  # found; nobody serves it here


@pytest.mark.parametrize(("limits", "told"), [
    ({"minLength": 1, "maxLength": 64}, ["1 to 64 characters"]), ({"maxLength": 9}, ["at most 9 characters"]),
    ({"minItems": 2}, ["at least 2 items"]), ({"minLength": 5, "maxLength": 5}, ["5 characters"]),
    ({"minimum": 1, "default": 3}, ["at least 1", "default 3"]), ({"enum": ["a", None]}, ["one of a, null"]),
    ({"exclusiveMinimum": 0, "pattern": "^x$"}, ["more than 0", "like ^x$"]), ({}, []),
])
def test_limits_are_told_in_words(limits: dict[str, Any], told: list[str]) -> None:
    assert list(_limits(limits)) == told
