"""Inbox messages to subjects that identity has registered, has not yet registered, or never will."""
from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.notification.inbox.usecases.mark_read import mark_read
from services.notification.messages.schemas import Send
from services.notification.messages.usecases.cancel import cancel
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.views import MessageView
from tests.unit.notification.world import MATTER, World, app_for, inbox_of, message_of

NOBODY = {"channel": "inbox", "recipient_subject": "sub_nobody"}


def seen(world: World, message_id: str) -> MessageView:
    with world.begin() as tx:
        return message_of(tx, message_id, MATTER)


def waiting_message(world: World) -> str:
    world.put(channel="inbox")
    return world.send(**NOBODY).message_id


def test_a_message_to_a_subject_that_does_not_exist_is_not_said_to_be_delivered(world: World) -> None:
    sent = seen(world, waiting_message(world))
    assert (sent.state, sent.delivered_at, sent.failure_code) == ("created", None, "recipient-unknown")
    assert world.event_types() == ["message-accepted"]
    assert world.sweep(after_s=3600) == 0


def test_a_waiting_message_is_delivered_once_its_recipient_is_registered(world: World) -> None:
    message_id = waiting_message(world)
    for _ in range(2):
        world.know("sub_nobody", "sub_other")
        world.sweep()
    sent = seen(world, message_id)
    assert (sent.state, sent.delivered_at, sent.failure_code) == ("delivered", world.clock.now(), None)
    assert world.event_types() == ["message-accepted", "message-delivered"]


def test_a_registration_in_another_department_delivers_nothing(world: World) -> None:
    message_id = waiting_message(world)
    world.know("sub_nobody", tenant="health")
    world.sweep()
    assert seen(world, message_id).state == "created"


def test_a_waiting_message_can_be_cancelled_and_is_then_in_no_inbox(world: World) -> None:
    message_id = waiting_message(world)
    with world.begin() as tx:
        assert [item.message_id for item in inbox_of(tx, MATTER, "sub_nobody").items] == [message_id]
        cancel(tx, MessageById(message_id), MATTER)
        box = inbox_of(tx, MATTER, "sub_nobody")
    assert (list(box.items), box.unread) == ([], 0)
    world.know("sub_nobody")
    world.sweep()
    assert seen(world, message_id).state == "cancelled"


def test_a_person_who_reads_a_waiting_message_exists(world: World) -> None:
    """The registration may be older than the service's knowledge of registrations."""
    message_id = waiting_message(world)
    with world.begin() as tx:
        mark_read(tx, MessageById(message_id), app_for("sub_nobody"))
    assert seen(world, message_id).state == "delivered"
    assert world.send(**NOBODY).state == "delivered"


def test_who_marks_a_message_as_read_for_nobody_proves_no_recipient(world: World) -> None:
    message_id = waiting_message(world)
    with world.begin() as tx:
        mark_read(tx, MessageById(message_id), MATTER)
    assert seen(world, message_id).state == "created"


def test_known_and_unknown_recipients_in_one_group_do_not_disturb_each_other(world: World) -> None:
    world.put(channel="inbox")
    sent = world.send_all(*({"channel": "inbox", "recipient_subject": f"sub_{name}"} for name in ("1", "nobody", "1")))
    assert [one.state for one in sent] == ["delivered", "created", "delivered"]


@pytest.mark.parametrize("recipient", ["", [], ["sub_1"]])
def test_an_empty_recipient_or_a_list_is_refused(recipient: Any) -> None:
    with pytest.raises(ValidationError):
        Send().load({"template_code": "paid", "channel": "inbox", "recipient_subject": recipient})
