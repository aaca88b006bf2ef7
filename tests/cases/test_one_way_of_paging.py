"""Every list is read in pages in one way: `limit` and `after` are asked, `items` and `next` are answered."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields

from shared_components.contracts import MethodContract, PageReply, PageRequest
from shared_components.kernel.paging import DIGEST_BYTES, PAGE_BYTES, PageCursorInvalid, PagedList
from shared_components.runtime.discovery import contract_of, service_names

WORDS_OF_OTHER_WAYS = {"before", "cursor", "next_before", "next_cursor", "page", "page_size", "offset", "page_token"}
BOUNDED = {
    "identity.list_levels", "payment.list_channels", "identity.list_for_children", "identity.list_sign_in_methods",
    "identity.list_upstream_links", "identity.remove_sign_in_method", "identity.remove_upstream_link",
    "identity.set_username", "matter.list_documents", "matter.list_materials",
}
"""Lists of what the platform is configured with, or of what one person or one case has; they are answered whole."""
OF_NOTIFY = {"notification.list_by_notify", "notification.list_notify_templates"}
"""Lists behind the API of GOV.UK Notify, whose clients page by `older_than` or not at all."""
PAGES_OF_THE_LOGIN = {
    f"identity.{name}.page" for name in (
        "begin_login", "change_account", "continue_login", "read_account", "read_login", "return_from_upstream")}
"""Pages that people see."""

RECORDS = PagedList[str]("example.list_records", str)
ENTRIES = PagedList[tuple[date, str, int]]("example.list_entries", date, str, int)


def methods() -> Iterator[tuple[str, MethodContract]]:
    for contract in map(contract_of, service_names()):
        for name, method in contract.methods.items():
            yield f"{contract.service}.{name}", method


def test_every_method_that_answers_items_is_paged_in_the_one_way() -> None:
    wrong = []
    for name, method in methods():
        if name in OF_NOTIFY:
            continue
        lists = "items" in method.reply().fields and name not in BOUNDED
        request, reply = issubclass(method.request, PageRequest), issubclass(method.reply, PageReply)
        if lists != request or lists != reply or (lists and PageCursorInvalid not in method.errors):
            wrong.append(name)
    assert wrong == []


def test_no_request_or_reply_has_a_field_of_another_way() -> None:
    wrong = {
        f"{name}.{field.data_key or key}" for name, method in methods() for schema in (method.request, method.reply)
        for key, field in schema().fields.items()
        if (field.data_key or key) in WORDS_OF_OTHER_WAYS
        or (key in ("after", "limit") and not issubclass(schema, PageRequest))
    }
    assert wrong - PAGES_OF_THE_LOGIN == {"notification.list_by_notify.limit"}


def test_a_list_in_a_reply_is_called_items_where_the_method_is_named_list() -> None:
    named = [name for name, _ in methods() if name.partition(".")[2].startswith("list")]
    assert named and all("items" in method.reply().fields for name, method in methods() if name in named)
    assert all(isinstance(method.reply().fields["items"], fields.List) for name, method in methods() if name in named)


def read(rows: list[dict[str, Any]], limit: int, **filters: Any) -> list[list[dict[str, Any]]]:
    """All pages, as a reader gets them that follows `next`."""
    pages, after = [], None
    while True:
        page = RECORDS.asked({"limit": limit, "after": after, **filters}, "harbour")
        found = [row for row in rows if page.after is None or row["id"] > page.after][: page.fetch]
        reply = page.reply(found, view=lambda row: row, key=lambda row: str(row["id"]))
        pages.append(reply["items"])
        after = reply["next"]
        if after is None:
            return pages


@given(st.integers(0, 25), st.integers(1, 10))
def test_the_pages_together_are_the_list(rows: int, limit: int) -> None:
    records = [{"id": f"{number:04}"} for number in range(rows)]
    pages = read(records, limit)
    assert [record for page in pages for record in page] == records
    assert all(len(page) == limit for page in pages[:-1])


@settings(max_examples=25)
@given(st.lists(st.integers(1, PAGE_BYTES * 2), max_size=12))
def test_a_page_ends_before_it_grows_too_large_and_still_every_item_comes(sizes: list[int]) -> None:
    records = [{"id": f"{number:04}", "body": "x" * size} for number, size in enumerate(sizes)]
    pages = read(records, 100)
    assert [record for page in pages for record in page] == records
    assert all(len(json.dumps(page)) <= PAGE_BYTES + 200 or len(page) == 1 for page in pages)


def test_14_templates_of_20000_chinese_characters_come_in_pages_that_fit_a_reply() -> None:
    records = [{"id": f"{number:04}", "body": "证" * 20_000} for number in range(14)]
    assert [len(page) for page in read(records, 100)] == [2] * 7


def cursor_of(page: Any, key: Any) -> str:
    reply = page.reply([1, 2, 3], view=lambda row: {"row": row}, key=lambda row: key)
    assert isinstance(reply["next"], str)
    return reply["next"]


FIRST = RECORDS.asked({"limit": 2, "state": "open"}, "harbour", "sub_1")
CURSOR = cursor_of(FIRST, "rec_1")


@pytest.mark.parametrize(("data", "scope"), [
    ({"state": "closed"}, ("harbour", "sub_1")),
    ({}, ("harbour", "sub_1")),
    ({"state": "open", "reference": "r"}, ("harbour", "sub_1")),
    ({"state": "open"}, ("museum", "sub_1")),
    ({"state": "open"}, ("harbour", "sub_2")),
    ({"state": "open"}, ("harbour", None)),
])
def test_a_cursor_continues_only_the_list_it_came_from(data: dict[str, Any], scope: tuple[str | None, ...]) -> None:
    assert RECORDS.asked({"limit": 50, "state": "open", "after": CURSOR}, "harbour", "sub_1").after == "rec_1"
    with pytest.raises(PageCursorInvalid, match=r"only the next of its page before"):
        RECORDS.asked({**data, "after": CURSOR}, *scope)
    with pytest.raises(PageCursorInvalid):
        ENTRIES.asked({"state": "open", "after": CURSOR}, "harbour", "sub_1")


def changed(position: Any) -> str:
    """Forge a cursor: its form is known, its digest stays."""
    digest = base64.urlsafe_b64decode(CURSOR + "==")[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(digest + json.dumps(position).encode()).decode().rstrip("=")


@pytest.mark.parametrize("after", [
    "", "x", "rec_1", "é", "=" * 8, CURSOR[:-3], CURSOR + "A", CURSOR[::-1], "A" * 1024,
    changed([]), changed({}), changed("rec_1"), changed([1]), changed([None]), changed([True]), changed(["a", "b"]),
    changed(["a\0"]), changed(["\ud83d"]), changed(["a" * 600]), changed([["a"]]), changed([1e308]),
])
def test_what_no_list_gave_is_refused_and_never_an_internal_error(after: str) -> None:
    with pytest.raises(PageCursorInvalid):
        RECORDS.asked({"state": "open", "after": after}, "harbour", "sub_1")


@given(st.text(max_size=200))
def test_any_text_is_a_cursor_or_refused(after: str) -> None:
    with pytest.raises(PageCursorInvalid):
        ENTRIES.asked({"after": after}, "harbour")


@given(st.dates(), st.text(st.characters(categories=["L", "N", "P"]), max_size=64), st.integers(0, 2**31 - 1))
def test_a_position_of_several_parts_comes_back_as_it_was(day: date, code: str, version: int) -> None:
    page = ENTRIES.asked({"limit": 2}, "harbour")
    assert ENTRIES.asked({"after": cursor_of(page, (day, code, version))}, "harbour").after == (day, code, version)
