"""Writes HTML in which whatever is put in is text, unless it is HTML already."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from services.gateway.adapters.words import CODES, Language, say


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def tag(element: str, /, *inside: str | Iterable[str], **attributes: str | bool | None) -> Html:
    """An element. Attributes: `class_` is class, `data_path` is data-path; True has no value, None is left out."""
    opening = "".join(
        f' {key.rstrip("_").replace("_", "-")}' + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items() if value is not None and value is not False)
    if element in ("input", "link", "meta", "br"):
        return Html(f"<{element}{opening}>")
    return Html(f"<{element}{opening}>{join(inside)}</{element}>")


def join(parts: Iterable[str | Iterable[str]]) -> Html:
    """Pieces one after another, each escaped that is no HTML."""
    return Html("".join(_piece(part) for part in parts))


def _piece(part: str | Iterable[str]) -> str:
    if isinstance(part, Html):
        return part
    return escape(part) if isinstance(part, str) else join(part)


def table(heads: Sequence[str], rows: Iterable[Html]) -> Html:
    return tag("table", tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])), tag("tbody", rows))


def row(heads: Sequence[str], *cells: str, id: str | None = None) -> Html:
    """Each cell but the first knows its head, which stands before it where the screen is too narrow for columns."""
    labels = ["", *heads[1:]]
    return tag("tr", [tag("td", cell, data_label=label or None) for cell, label in zip(cells, labels, strict=True)],
               id=id)


def chinese(text: str) -> Html:
    return tag("span", text, lang="zh") if text else Html("")


def page(
    path: str, title: str, *inside: str | Iterable[str], script: bool = False, language: Language = "en",
) -> Html:
    """A whole document; its style, and its script, come from this server. path: its own, for the navigation."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("title", title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href="/assets/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/assets/pages.css"),
        *([tag("script", src="/assets/try.js", defer=True)] if script else []),
    )
    links = [
        tag("a", say(text, language), href=href, aria_current="page" if href == path else None)
        for href, text in _PAGES]
    header = tag("header", tag("strong", "zhongtai 中台"), tag("nav", links, aria_label=say("Pages", language)))
    body = tag("body", header, tag("main", *inside))
    return Html("<!doctype html>\n" + tag("html", head, body, lang=CODES[language]))


_PAGES = (("/", "Home"), ("/docs", "Documentation"), ("/docs/errors", "Error codes"), ("/openapi.json", "OpenAPI"))
