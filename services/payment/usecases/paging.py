"""Pages by cursor: the cursor is the last item's key, so a page costs the same however far back it lies."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")



def page(
    found: Sequence[Item], limit: int, *, view: Callable[[Item], Mapping[str, Any]], cursor: Callable[[Item], str]
) -> Mapping[str, Any]:
    """found: one more than the limit when there is a next page."""
    shown = found[:limit]
    more = len(found) > limit
    return {"items": [view(item) for item in shown], "next_cursor": cursor(shown[-1]) if more else None}
