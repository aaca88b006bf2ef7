"""Pages of lists, for many calls at a time."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import Page, PagedList, PageView
from shared_components.security.authority.search import search

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

Command = TypeVar("Command")
Item = TypeVar("Item")
Position = TypeVar("Position")
View = TypeVar("View")


def read_pages(
    calls: Sequence[Call[Command]], listed: PagedList[Position],
    read: Callable[[Sequence[tuple[Call[Command], Page[Position]]]], list[list[Item]]], *,
    view: Callable[[Item, CallContext], View], key: Callable[[Item], Position],
) -> list[PageView[View] | AppError]:
    """Give each call its page, or PageCursorInvalid.

    read: up to `page.fetch` items for each pair, in the same order. view: of an item, for a call.
    key: the position of an item in the list.
    A cursor continues the list of its reader: the same department, citizen and app.
    """
    def page_of(call: Call[Any]) -> Page[Position]:
        return listed.asked(call.data, *search(call.context))

    pages = [attempt(page_of, call) for call in calls]
    found = iter(read([
        (call, page) for call, page in zip(calls, pages, strict=True) if isinstance(page, Page)]))

    def page_view(call: Call[Command], page: Page[Position]) -> PageView[View]:
        return page.view(next(found), view=lambda item: view(item, call.context), key=key)

    return [
        page if isinstance(page, AppError) else page_view(call, page)
        for call, page in zip(calls, pages, strict=True)
    ]
