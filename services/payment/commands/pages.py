"""Read as many pages of a list as a command shows."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared_components.kernel.paging import LARGEST_LIMIT, PageView


def read_pages(
    ask: Callable[[Mapping[str, Any]], PageView[Any]], wanted: Mapping[str, Any], limit: int,
) -> dict[str, Any]:
    """Up to `limit` items of a list, and `next` to go on from there. ask: gives the page of a request."""
    items: list[Any] = []
    after = wanted.get("after")
    while True:
        page = ask({**wanted, "after": after, "limit": min(limit - len(items), LARGEST_LIMIT)})
        items += page.items
        after = page.next
        if after is None or len(items) >= limit:
            return {"items": items, "next": after}
