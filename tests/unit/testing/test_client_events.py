"""An app's side of events: verified, read, handled once."""
from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from zhongtai_client.events import Event, EventMalformed, EventReceiver, SqliteInbox, read_event

from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing
from shared_components.security.request_signing import sign

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY_ID, SECRET = "whk_1.1", "secret-of-the-app"
EVENT: dict[str, Any] = {
    "id": "evt_1", "type": "order-paid", "version": 1, "occurred_at": "2026-01-01T00:00:00+00:00", "sequence": 3,
    "data": {"order_id": "pay_1", "amount_minor": 1000}}


@pytest.fixture
def receiver(tmp_path: Path) -> EventReceiver:
    return EventReceiver({KEY_ID: SECRET, "whk_1.2": "the next one"}, SqliteInbox(tmp_path / "inbox.db"))


def signed(event: object = EVENT, *, at: datetime = NOW, key: str = SECRET) -> tuple[dict[str, str], bytes]:
    body = json.dumps(event).encode()
    return sign(body, key_id=KEY_ID, key=key.encode(), at=at), body


def test_an_event_is_handled_once(receiver: EventReceiver) -> None:
    handled: list[Event] = []
    assert receiver.receive(*signed(), handled.append, at=NOW) is True
    assert receiver.receive(*signed(), handled.append, at=NOW) is False
    (event,) = handled
    assert (event.type, event.sequence, event.occurred_at, event.data["order_id"]) == ("order-paid", 3, NOW, "pay_1")


def test_an_event_whose_handling_fails_comes_again(receiver: EventReceiver) -> None:
    def fail(event: Event) -> None:
        raise ConnectionError("the app's database")

    with pytest.raises(ConnectionError):
        receiver.receive(*signed(), fail, at=NOW)
    assert receiver.receive(*signed(), lambda event: None, at=NOW) is True


def test_two_deliveries_at_once_have_one_effect(receiver: EventReceiver) -> None:
    handled: list[str] = []
    threads = [threading.Thread(target=receiver.receive, args=(*signed(), lambda event: handled.append(event.id)),
                                kwargs={"at": NOW}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert handled == ["evt_1"]


def test_a_delivery_that_is_not_the_platform_s_is_refused(receiver: EventReceiver) -> None:
    with pytest.raises(SignatureInvalid):
        receiver.receive(*signed(key="another"), print, at=NOW)
    with pytest.raises(SignatureExpired):
        receiver.receive(*signed(), print, at=NOW + timedelta(hours=1))
    with pytest.raises(SignatureMissing):
        receiver.receive({}, b"{}", print, at=NOW)


@pytest.mark.parametrize(("body", "said"), [
    (b"{", "is not JSON"), (b"[]", "'id'"), (json.dumps({**EVENT, "version": "1"}).encode(), "'version'"),
    (json.dumps({**EVENT, "data": []}).encode(), "'data'"),
    (json.dumps({**EVENT, "occurred_at": "today"}).encode(), "'occurred_at'"), (b" " * 300_000, "over 262144 bytes"),
])
def test_a_body_that_is_no_event_names_the_field(body: bytes, said: str) -> None:
    with pytest.raises(EventMalformed) as refused:
        read_event(body)
    assert said in refused.value.message and refused.value.message_zh


def test_old_events_are_forgotten(tmp_path: Path) -> None:
    inbox = SqliteInbox(tmp_path / "inbox.db")
    with inbox.once("evt_1") as is_new:
        assert is_new
    assert inbox.purge(timedelta(days=30)) == 0
    assert inbox.purge(timedelta(days=30), now=datetime.now(UTC) + timedelta(days=31)) == 1
