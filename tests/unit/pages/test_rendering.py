"""The common layout, with a template of the tests' own."""
from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from shared_components.kernel.languages import LANGUAGES, Language
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import FieldProblem, NavigationLink, Pages
from shared_components.pages.texts import LAYOUT, translate
from tests.unit.pages.sources import template_texts

CHINESE = {"Dear %(name)s": "尊敬的 %(name)s", "Start": "开始"}
HARM = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
NAVIGATION = (NavigationLink("/start", "Start"),)


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages("tests.unit.pages", chinese=CHINESE, navigation=NAVIGATION)


def rendered(
    pages: Pages, language: Language = "zh", *, elder: bool = False, name: str = "林静", title: str = "T",
    problems: tuple[FieldProblem, ...] = (),
) -> str:
    return pages.render(
        "form.html", Presentation(language, elder=elder), path="/form", name=name, title=title, problems=problems)


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_text_stays_text_wherever_a_template_puts_it(pages: Pages, language: Language) -> None:
    """In content, attributes, translated sentences, arguments of macros, the title and the error summary."""
    text = rendered(pages, language, name=HARM, title=HARM, problems=(FieldProblem(HARM, HARM),))
    elements = Elements(text)
    assert elements.of("script") == elements.of("img") == []
    assert not any("onerror" in attributes for _, attributes in elements.found)
    assert elements.of("input") == [{"id": "payer_name", "value": HARM}]
    assert elements.of("td") == [{"data-label": HARM}]
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_text_is_never_taken_for_a_text_of_ours(language: Language) -> None:
    """A template shows a translated text unescaped."""
    with pytest.raises(KeyError):
        translate(HARM, language, CHINESE)


def test_a_page_speaks_the_readers_language(pages: Pages) -> None:
    chinese, english = rendered(pages, "zh"), rendered(pages, "en")
    assert '<html lang="zh-CN">' in chinese
    assert "<p>尊敬的 林静</p>" in chinese
    assert '<a href="/start">开始</a>' in chinese
    assert '<html lang="en">' in english
    assert "<p>Dear 林静</p>" in english
    assert '<a href="/form?lang=zh" lang="zh-CN">中文</a>' in english


def test_elder_mode_marks_the_document_and_every_link_keeps_it(pages: Pages) -> None:
    text = rendered(pages, elder=True)
    assert '<html lang="zh-CN" class="elder">' in text
    assert '<a href="/start?elder=1">开始</a>' in text
    assert '<a href="/form">标准模式</a>' in text


def test_the_error_summary_stands_first_and_leads_to_each_field(pages: Pages) -> None:
    text = rendered(pages, problems=(FieldProblem("payer_name", "请填写缴费人姓名"),))
    assert "<title>填写有误：T</title>" in text
    assert '<a href="#payer_name">请填写缴费人姓名</a>' in text
    assert text.index('role="alert"') < text.index("<h1>")
    assert Elements(text).of("section")[0]["aria-labelledby"] == "error-summary"


def test_a_page_without_problems_has_no_error_summary(pages: Pages) -> None:
    text = rendered(pages)
    assert "<title>T</title>" in text
    assert "error-summary" not in text


def test_a_fact_that_is_missing_is_an_error_and_not_a_gap(pages: Pages) -> None:
    with pytest.raises(UndefinedError, match="name"):
        pages.render("form.html", Presentation(), path="/form", title="T")


def test_a_page_loads_nothing_from_other_servers(pages: Pages) -> None:
    assert re.findall(r'(?:src|href)="((?:https?:)?//[^"]*)"', rendered(pages)) == []


def test_every_text_of_the_layout_has_chinese_and_none_is_left_over() -> None:
    assert template_texts("shared_components.pages") == set(LAYOUT)
