"""Pages of a list: one way for all services.

A request has `limit` and `after`, a reply `items` and `next`: the cursor to send as `after`, or None at the end.
The cursor holds the position of the last item that was read, and a digest of the list, its filters and the reader's
scope, so that it continues that one list only. It gives no right: the query's own conditions (tenant, subject, app)
decide which rows exist for the reader, and the position only says after which of them to go on.
"""
from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast

import orjson

from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.dates import parse_date
from shared_components.kernel.errors import InvalidInput

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100
LONGEST_CURSOR = 1024
PAGE_BYTES = 128 * 1024
"""A page ends before the item that would make its items larger than this, written as JSON."""
DIGEST_BYTES = 12
LONGEST_KEY = 512
LARGEST_NUMBER = 2**31 - 1

Item = TypeVar("Item")
Position = TypeVar("Position")
View = TypeVar("View")
Part = str | int | date


class PageCursorInvalid(InvalidInput):
    code = "page-cursor-invalid"
    texts = {
        "en": "The page cursor does not continue this list.",
        "zh": "分页游标无效：须原样使用上一页返回的 next，且查询条件不得改变。",
    }


class PagedList(Generic[Position]):
    """A list that is read in pages. name: of its method; kinds: of the parts of an item's position (str, int, date).

    `PagedList[str]("payment.list_orders", str)`; with several kinds a position is a tuple.
    """

    def __init__(self, name: str, *kinds: type[Part]) -> None:
        self.name = name
        self.kinds = kinds

    def asked(self, wanted: Any, *scope: str | None, longest: int | None = None) -> Page[Position]:
        """The page that a request asks for. Raises PageCursorInvalid.

        wanted: the request's command, or its data; all but limit and after are the list's filters.
        longest: the most items that a page may have, where that is less than the request's limit.
        scope: whose rows are read: the tenant, and the subject or app when it limits them.
        """
        data = wanted if isinstance(wanted, Mapping) else {
            field.name: getattr(wanted, field.name) for field in fields(wanted)}
        filters = {key: str(value) for key, value in data.items()
                   if key not in ("limit", "after") and value is not None}
        said = json.dumps([self.name, scope, sorted(filters.items())], ensure_ascii=True)
        digest = hashlib.sha256(said.encode()).digest()[:DIGEST_BYTES]
        cursor = data.get("after")
        after = None if cursor is None else self._read(cursor, digest)
        limit = data.get("limit", DEFAULT_LIMIT)
        return Page(self, digest, after, limit if longest is None else min(limit, longest))

    def write(self, position: Position, digest: bytes) -> str:
        parts = position if isinstance(position, tuple) else (position,)
        told = [part.isoformat() if isinstance(part, date) else part for part in parts]
        return base64.urlsafe_b64encode(digest + json.dumps(told).encode()).decode().rstrip("=")

    def _read(self, cursor: str, digest: bytes) -> Position:
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            if raw[:DIGEST_BYTES] != digest:
                raise ValueError
            told = strict_json.read(raw[DIGEST_BYTES:])
            parts = [_part(kind, part) for kind, part in zip(self.kinds, told, strict=True)]
        except (ValueError, TypeError):
            raise PageCursorInvalid(
                Bilingual(
                    f"after does not continue this list of {self.name}; only the next of its page before, "
                "with the same filters, is allowed",
                    f"after 不是该列表（{self.name}）的续页标记；只能使用同一筛选条件下上一页返回的 next")
            ) from None
        return cast(Position, parts[0] if len(parts) == 1 else tuple(parts))


@dataclass(frozen=True, slots=True)
class PageView(Generic[View]):
    """A page as it is replied. next: the cursor to send as `after`, None at the end."""

    items: Sequence[View]
    next: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Position]):
    """One page that is asked for. after: the position to go on behind, None for the first page."""

    of: PagedList[Position]
    digest: bytes
    after: Position | None
    limit: int

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than are shown tells whether there is a next page."""
        return self.limit + 1

    def reply(
        self, found: Sequence[Item], *, view: Callable[[Item], Mapping[str, Any]], key: Callable[[Item], Position],
        wanted: Callable[[Item], bool] | None = None,
    ) -> dict[str, Any]:
        """`items` and `next`, as a dict; `view` says more."""
        page = self.view(found, view=view, key=key, wanted=wanted)
        return {"items": page.items, "next": page.next}

    def view(
        self, found: Sequence[Item], *, view: Callable[[Item], View], key: Callable[[Item], Position],
        wanted: Callable[[Item], bool] | None = None,
    ) -> PageView[View]:
        """The page's items as views, and its `next`.

        found: up to `fetch` rows in the list's order.
        wanted: leaves rows out that the query could not; such a page may have fewer items though there is a next one.
        A page has at least one item, however large that is.
        """
        items: list[View] = []
        room = PAGE_BYTES
        for number, item in enumerate(found[: self.limit]):
            if wanted is not None and not wanted(item):
                continue
            shown = view(item)
            room -= _size(shown)
            if room < 0 and items:
                return PageView(items, self.of.write(key(found[number - 1]), self.digest))
            items.append(shown)
        more = len(found) > self.limit
        return PageView(items, self.of.write(key(found[self.limit - 1]), self.digest) if more else None)


def _part(kind: type[Part], told: Any) -> Part:
    """A part of a position. Raises ValueError or TypeError for one that no list has written."""
    if kind is date and isinstance(told, str):
        return parse_date(told)
    if type(told) is not kind:
        raise TypeError
    if isinstance(told, str) and not (len(told) <= LONGEST_KEY and told.isprintable()):
        raise ValueError
    if isinstance(told, int) and not 0 <= told <= LARGEST_NUMBER:
        raise ValueError
    return told


def _size(shown: Any) -> int:
    try:
        return len(orjson.dumps(shown, default=str))
    except (TypeError, ValueError):  # half of a surrogate pair, or an integer of more than 64 bits
        plain = asdict(shown) if is_dataclass(shown) and not isinstance(shown, type) else shown
        return len(json.dumps(plain, ensure_ascii=False, default=str).encode(errors="surrogatepass"))
