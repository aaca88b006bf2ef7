"""The request and the reply of the method by which a producer serves its feeds."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from shared_components.contracts import Message, text
from shared_components.db.feeds.pages import Entry, Page


@dataclass(frozen=True, slots=True)
class ReadFeedCommand:
    """feed: name. from_n, digest: up to where the copy has committed it.

    copy: names the copy where each process of a service keeps its own; None: the service has one.
    """

    feed: str
    from_n: int
    digest: str
    copy: str | None = None


class ReadFeed(Message):
    command = ReadFeedCommand

    feed = fields.String(required=True, validate=validate.Length(1, 64), metadata=text(
        "Name of the feed.", "数据源名称。"))
    from_n = fields.Integer(required=True, validate=validate.Range(0, 2**53), metadata=text(
        "Number of the last entry that the caller's copy has; 0 at the beginning.",
        "调用方副本已有的最后一条的序号，从头开始时为 0。"))
    digest = fields.String(required=True, validate=validate.Length(0, 64), metadata=text(
        "Digest of that entry; empty at the beginning.", "该条的摘要；从头开始时为空。"))
    copy = fields.String(validate=validate.Length(1, 40), metadata=text(
        "Name of the copy, where each process of the caller keeps its own.",
        "副本名称；仅在调用方的每个进程各有一份副本时填写。"))


class FeedEntry(Message):
    after = fields.Integer(required=True, metadata=text(
        "Number of the entry before it, or from_n for the first; replaced entries are deleted in time.",
        "前一条的序号，首条为 from_n；已被取代的条目会被清理。"))
    n = fields.Integer(required=True, metadata=text("Number, growing.", "序号，递增。"))
    kind = fields.String(required=True, metadata=text("Kind of thing.", "事物类别。"))
    key = fields.String(required=True, metadata=text("Key of the thing within its kind.", "该类别内的键。"))
    data = fields.Dict(required=True, allow_none=True, metadata=text(
        "What holds for the key from now on; null: it is removed.", "该键此后的有效内容；为 null 表示已移除。"))
    digest = fields.String(required=True, metadata=text(
        "Digest of this entry and all before it.", "本条及之前全部内容的摘要。"))


class FeedPage(Message):
    entries = fields.List(fields.Nested(FeedEntry), required=True, metadata=text(
        "The entries after from_n, in order.", "from_n 之后的各条，按序排列。"))
    head = fields.Integer(required=True, metadata=text("Number of the newest entry.", "最新一条的序号。"))
    leased = fields.Boolean(required=True, metadata=text(
        "The copy has everything and may decide for 2 s, counted from when it asked.",
        "副本已是最新，自发出请求起 2 秒内可据此判断。"))
    diverged = fields.Boolean(required=True, metadata=text(
        "The copy has entries that the feed does not have, as after a restore: it must begin anew.",
        "副本含有数据源没有的内容（如恢复备份后），须从头读取。"))
    now = fields.AwareDateTime(metadata=text(
        "The time by the clock of the producer's database, UTC.", "数据源所在数据库的当前时间（UTC）。"))


def page_view(page: Page) -> dict[str, Any]:
    """The reply of a producer's method."""
    return asdict(page)


def page_of(reply: Mapping[str, Any]) -> Page:
    """The page that a producer's reply states."""
    entries = tuple(Entry(**entry) for entry in reply["entries"])
    now = reply.get("now")
    return Page(
        entries, reply["head"], reply["leased"], reply["diverged"],
        datetime.fromisoformat(now) if isinstance(now, str) else now)
