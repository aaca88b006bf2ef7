"""Rendered texts have a limit that is checked before anything is filled in: a small template may name a value often."""
from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from services.notification.inbox.usecases.read_inbox import ReadInbox, read_inboxes
from services.notification.messages.usecases.views import MessageView
from services.notification.templates.domain.errors import MessageTooLarge
from services.notification.templates.domain.template import BODY_BYTES, SUBJECT_CHARACTERS
from services.notification.templates.schemas import Preview
from services.notification.templates.usecases.list_templates import ListTemplates, list_templates
from services.notification.templates.usecases.preview import preview
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.paging import PAGE_BYTES
from tests.unit.notification.conftest import migrated, world  # noqa: F401
from tests.unit.notification.world import World

OPERATOR = CallContext(caller="operator", tenant="transport")
INBOX: dict[str, Any] = {"channel": "inbox", "recipient_subject": "sub_1"}


def test_a_value_repeated_four_thousand_times_is_refused_before_it_is_rendered(world: World) -> None:  # noqa: F811
    world.put(channel="inbox", body="((a))" * 4000)
    tracemalloc.start()
    began = time.process_time()
    for _ in range(5):
        with pytest.raises(MessageTooLarge) as caught:
            world.send(**INBOX, values={"a": "值" * 10_000})
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.details == {"part": "body", "size": 120_000_000, "limit": BODY_BYTES}
    assert peak < 5_000_000
    assert took < 2


def test_a_preview_has_the_same_limit(world: World) -> None:  # noqa: F811
    world.put(channel="inbox", body="((a))" * 4000)
    data = Preview().load({"template_code": "paid", "channel": "inbox", "values": {"a": "x" * 10_000}})
    with world.begin() as tx, pytest.raises(MessageTooLarge):
        preview(tx, data, OPERATOR)


def test_a_subject_has_a_limit_too(world: World) -> None:  # noqa: F811
    world.put(subject="((a))((a?))", body="b")
    with pytest.raises(MessageTooLarge) as caught:
        world.send(values={"a": "x" * (SUBJECT_CHARACTERS // 2 + 1)})
    assert caught.value.details["part"] == "subject"
    world.send(values={"a": "x" * (SUBJECT_CHARACTERS // 2)})


@pytest.mark.parametrize("letter", ["x", "字", "𰻝", '"'])
def test_a_body_of_exactly_the_limit_is_sent_and_one_byte_more_is_not(world: World, letter: str) -> None:  # noqa: F811
    size = len(letter.encode())
    value = letter * (9_000 // size)
    rest = "z" * (BODY_BYTES - 7 * len(value.encode()))
    world.put(channel="inbox", body="((v))" * 7 + "((w))")
    assert world.send(**INBOX, values={"v": value, "w": rest}).state == "delivered"
    with pytest.raises(MessageTooLarge):
        world.send(**INBOX, values={"v": value, "w": rest + "z"})


def test_one_message_that_is_too_large_sinks_no_other_of_its_group(world: World) -> None:  # noqa: F811
    world.put(channel="inbox", body="((a))" * 4000)
    good = {**INBOX, "values": {"a": "x"}}
    results = world.send_all(good, {**INBOX, "values": {"a": "x" * 10_000}}, good)
    assert [type(result) for result in results] == [MessageView, MessageTooLarge, MessageView]


def read_all(world: World, read: Callable[[Any, str | None], Any]) -> tuple[list[Any], int]:  # noqa: F811
    """(items of all pages, the largest page in bytes)"""
    items: list[Any] = []
    largest, after = 0, None
    while True:
        with world.begin() as tx:
            page = read(tx, after)
        items += page.items
        said = json.dumps([asdict(item) for item in page.items], ensure_ascii=False, default=str)
        largest = max(largest, len(said.encode()))
        after = page.next
        if after is None:
            return items, largest


def only(pages: Any) -> Any:
    (page,) = pages
    return page


def test_many_large_templates_are_listed_in_pages_that_fit(world: World) -> None:  # noqa: F811
    for number in range(14):
        world.put(template_code=f"t{number:02}", channel="inbox", body="字" * 20_000)
    items, largest = read_all(
        world, lambda tx, after: only(list_templates(tx, [Call(ListTemplates(100, after), OPERATOR)])))
    assert [item.template_code for item in items] == [f"t{number:02}" for number in range(14)]
    assert largest < 2 * PAGE_BYTES


def test_an_inbox_of_the_largest_messages_can_be_read_to_its_end(world: World) -> None:  # noqa: F811
    world.put(channel="inbox", body="((a))" * 7)
    for _ in range(30):
        world.send(**INBOX, values={"a": "x" * 9_000})
    items, largest = read_all(
        world, lambda tx, after: only(read_inboxes(tx, [Call(ReadInbox("sub_1", 100, after), OPERATOR)])))
    assert len(items) == 30
    assert largest < 2 * PAGE_BYTES
