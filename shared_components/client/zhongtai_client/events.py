"""Events that the platform sends to an app: each is verified, read, and handled once.

    receiver = EventReceiver({"whk_1.1": "the secret"}, SqliteInbox("inbox.db"))
    receiver.receive(request.headers, await request.body(), handle)
"""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.dates import parse_time
from shared_components.kernel.errors import InvalidInput
from shared_components.kernel.strict_json import JsonRefused
from shared_components.security.request_signing import RequestVerifier

MOST_BYTES = 256 * 1024


class EventMalformed(InvalidInput):
    code = "client.event-malformed"
    texts = {"en": "The body is no event.", "zh": "正文不是事件。"}


@dataclass(frozen=True)
class Event:
    """One event. occurred_at: aware. sequence: numbers the events of one thing, such as an order, from 1; 0: unordered.

    data: as the contract of its type and version says; `zhongtai_client.types` has it as a TypedDict.
    """

    id: str
    type: str
    version: int
    occurred_at: datetime
    sequence: int
    data: Mapping[str, Any]


class Inbox(Protocol):
    """Remembers which events were handled. An app with a database keeps it there, in the transaction of the effect."""

    def once(self, event_id: str) -> AbstractContextManager[bool]:
        """True for an event that was not handled; it counts as handled when the block ends without an exception."""


class SqliteInbox:
    """An inbox in a file, for apps without a database; several processes may share it."""

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        with self._open() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, taken_at TEXT NOT NULL)")

    @contextmanager
    def once(self, event_id: str) -> Iterator[bool]:
        with self._open() as connection:
            # At once: a second process with the same event waits here, and then finds it.
            connection.execute("BEGIN IMMEDIATE")
            try:
                done = connection.execute(
                    "INSERT OR IGNORE INTO inbox VALUES (?, ?)", (event_id, datetime.now(UTC).isoformat()))
                yield done.rowcount == 1
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def purge(self, older_than: timedelta, *, now: datetime | None = None) -> int:
        """Forget events of before; the platform sends none again after its retries have ended. Gives how many."""
        before = (now or datetime.now(UTC)) - older_than
        with self._open() as connection:
            return connection.execute("DELETE FROM inbox WHERE taken_at < ?", (before.isoformat(),)).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as connection:
            yield connection


class EventReceiver:
    """Takes deliveries of webhooks.

    secrets: key id → secret, as `payment.put_webhook` gave them; two while one is replaced.
    """

    def __init__(self, secrets: Mapping[str, str], inbox: Inbox) -> None:
        self._verifier = RequestVerifier({key_id: secret.encode() for key_id, secret in secrets.items()})
        self._inbox = inbox

    def receive(
        self, headers: Mapping[str, str], body: bytes, handle: Callable[[Event], object], *, at: datetime | None = None,
    ) -> bool:
        """Handle a delivery; False for an event that was handled before. Answer 204 in both cases.

        When `handle` raises, so does this, and the event comes again. Answer an AppError with its http_status.
        Raises SignatureMissing, SignatureInvalid, SignatureExpired, EventMalformed.
        """
        self._verifier.verify(headers, body, at=at or datetime.now(UTC))
        event = read_event(body)
        with self._inbox.once(event.id) as is_new:
            if is_new:
                handle(event)
        return is_new


def read_event(body: bytes) -> Event:
    """Raises EventMalformed, which names the field."""
    if len(body) > MOST_BYTES:
        raise EventMalformed(Bilingual(f"the event has over {MOST_BYTES} bytes", f"事件超过 {MOST_BYTES} 字节"))
    try:
        given = strict_json.read(body)
    except JsonRefused as refused:
        raise EventMalformed(Bilingual(f"the event is not JSON: {refused}", f"事件不是 JSON：{refused.zh}")) from None
    found = given if isinstance(given, dict) else {}
    for name, kind in (("id", str), ("type", str), ("version", int), ("occurred_at", str), ("sequence", int),
                       ("data", dict)):
        if type(found.get(name)) is not kind:
            raise EventMalformed(Bilingual(
                f"field '{name}' of the event is missing or of a wrong type", f"事件缺少字段“{name}”或类型不正确"))
    try:
        occurred_at = parse_time(found["occurred_at"])
    except ValueError:
        raise EventMalformed(Bilingual(
            "field 'occurred_at' of the event is no time of RFC 3339",
            "事件的字段“occurred_at”不是 RFC 3339 时间")) from None
    return Event(found["id"], found["type"], found["version"], occurred_at, found["sequence"], found["data"])
