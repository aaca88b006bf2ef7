"""Writes HTML in which whatever is put in is text, unless it is HTML already."""
from __future__ import annotations

from collections.abc import Iterable
from html import escape


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


def page(title: str, *inside: str | Iterable[str], script: bool = False) -> Html:
    """A whole document; its style, and its script, come from this server."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("title", title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="stylesheet", href="/assets/pages.css"),
        *([tag("script", src="/assets/try.js", defer=True)] if script else []),
    )
    return Html("<!doctype html>\n" + tag("html", head, tag("body", tag("main", *inside)), lang="en"))
