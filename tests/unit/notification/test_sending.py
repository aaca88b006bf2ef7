"""Messages that are accepted, how they are kept, and who may read them."""
from __future__ import annotations

from dataclasses import asdict

import pytest
from marshmallow import ValidationError
from sqlalchemy import text

from services.notification.common.errors import AddressInvalid, ChannelNotBuilt, LineBreakInHeader
from services.notification.inbox.domain.errors import InboxOfAnother
from services.notification.inbox.usecases.mark_read import mark_read
from services.notification.messages.domain.errors import MessageNotCancellable, MessageUnknown
from services.notification.messages.schemas import Send
from services.notification.messages.usecases.cancel import cancel
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.list_messages import ListMessages, list_messages
from services.notification.messages.usecases.views import MessageView
from services.notification.templates.domain.errors import TemplateUnknown, ValuesMissing
from shared_components.kernel.calls import Call
from shared_components.kernel.paging import PageView
from tests.unit.db.platform_suite import counted
from tests.unit.notification.world import MATTER, World, app_for, inbox_of, message_of

INBOX = {"channel": "inbox", "recipient_subject": "sub_1"}


def test_an_inbox_message_is_delivered_at_once(world: World) -> None:
    world.put(channel="inbox", subject=None, body="((name)),新证已签发")
    sent = world.send(**INBOX, values={"name": "张三"}, reference="case_1")
    assert (sent.state, sent.state_label, sent.attempts) == ("delivered", "已送达", 0)
    with world.begin() as tx:
        box = inbox_of(tx, app_for(None))
    assert [item.body for item in box.items] == ["张三,新证已签发"]
    assert box.unread == 1
    assert world.event_types() == ["message-delivered"]


@pytest.mark.parametrize(("locale", "label"), [("zh-CN", "已送达"), ("en", "Delivered"), ("fr", "Delivered")])
def test_a_states_name_is_in_the_language_of_the_call(world: World, locale: str, label: str) -> None:
    world.put(channel="inbox")
    message_id = world.send(**INBOX).message_id
    with world.begin() as tx:
        assert message_of(tx, message_id, MATTER._replace(locale=locale)).state_label == label


def test_reading_is_noted_once_and_only_for_the_own_inbox(world: World) -> None:
    world.put(channel="inbox")
    message_id = world.send(**INBOX).message_id
    with world.begin() as tx:
        with pytest.raises(MessageUnknown):
            mark_read(tx, MessageById(message_id), app_for("sub_2"))
        with pytest.raises(InboxOfAnother):
            inbox_of(tx, app_for("sub_2"))
        first = mark_read(tx, MessageById(message_id), app_for("sub_1")).read_at
    world.sweep(after_s=60)
    with world.begin() as tx:
        assert mark_read(tx, MessageById(message_id), app_for(None)).read_at == first
        assert inbox_of(tx, app_for(None)).unread == 0


def test_a_bad_call_never_sinks_its_neighbours(world: World) -> None:
    world.put(body="((name))您好")
    good = {"address": "zhang@example.cn", "values": {"name": "张"}}
    results = world.send_all(
        good, {**good, "values": {}}, {**good, "template_code": "ghost"},
        {**good, "address": "not-an-address"}, {**good, "channel": "webhook"}, good,
    )  # fmt: skip
    kinds = [type(result) for result in results]
    assert kinds == [MessageView, ValuesMissing, TemplateUnknown, AddressInvalid, ChannelNotBuilt, MessageView]
    assert results[1].details == {"missing": ["name"]}
    assert len(world.events) == 2


@pytest.mark.parametrize(("channel", "other", "needed"), [
    ("email", {"recipient_subject": "sub_1"}, "address"),
    ("inbox", {"address": "zhang@example.cn"}, "recipient_subject"),
])
def test_the_schema_asks_for_the_recipient_that_the_channel_needs(
    channel: str, other: dict[str, str], needed: str,
) -> None:
    for given in (other, {**other, needed: None}):
        with pytest.raises(ValidationError, match=f"Required while channel is '{channel}'"):
            Send().load({"template_code": "paid", "channel": channel, **given})


def test_a_group_takes_two_statements(world: World) -> None:
    world.put()
    with counted(world.database) as statements:
        world.send_all(*[{"address": f"p{number}@example.cn"} for number in range(50)])
    assert len(statements) == 2


def test_a_line_break_gets_into_no_header(world: World) -> None:
    world.put(subject="致((name))")
    with pytest.raises(LineBreakInHeader, match="subject has a line break"):
        world.send(values={"name": "张\nBcc: other@example.cn"})
    with pytest.raises(LineBreakInHeader, match="address has a line break"):
        world.send(address="zhang@example.cn\r\nRCPT TO:<other@example.cn>", values={"name": "张"})


@pytest.mark.parametrize("address", ["a@b", "a b@x.cn", "<a@x.cn>", "'张'@example", "a@exam_ple.cn", "@x.cn"])
def test_what_is_no_address_is_refused_without_being_repeated(world: World, address: str) -> None:
    world.put()
    with pytest.raises(AddressInvalid) as caught:
        world.send(address=address)
    assert address not in caught.value.message


def test_a_message_is_found_by_its_reference_and_subject(world: World) -> None:
    world.put()
    ids = [world.send(reference="case_1", recipient_subject="sub_1").message_id for _ in range(2)]
    world.send(reference="case_2")
    with world.begin() as tx:
        of_health = MATTER._replace(tenant="health")
        wanted = ListMessages("case_1")
        found, foreign = list_messages(tx, [Call(wanted, MATTER), Call(wanted, of_health)])
        assert isinstance(found, PageView) and isinstance(foreign, PageView)
        assert [item.message_id for item in found.items] == ids[::-1]
        assert foreign.items == []
        with pytest.raises(MessageUnknown):
            message_of(tx, ids[0], of_health)


def test_addresses_and_words_are_sealed_at_rest_and_absent_from_events_and_replies(world: World) -> None:
    world.put(subject="((name))", body="密语canary-body")
    sent = world.send(address="canary-address@example.cn", values={"name": "canary-name"})
    assert sent.address == "c***@example.cn"
    with world.database.reading() as session:
        row = session.execute(text("SELECT * FROM messages")).one()
    shown = f"{row!r} {world.events!r} {sent!r} {asdict(sent)!r}"
    for canary in ("canary-address", "canary-name", "canary-body"):
        assert canary not in shown
    with world.begin() as tx:
        message = tx.messages.lock_many([("transport", sent.message_id)])[0].open()
    assert message is not None
    assert (message.address, message.subject) == ("canary-address@example.cn", "canary-name")


def test_a_message_can_be_cancelled_until_it_is_out(world: World) -> None:
    world.put()
    early, late = (world.send().message_id for _ in range(2))
    world.deliver(late)
    with world.begin() as tx:
        assert cancel(tx, MessageById(early), MATTER).state == "cancelled"
        with pytest.raises(MessageNotCancellable, match="'sent'"):
            cancel(tx, MessageById(late), MATTER)
    world.deliver(early)
    assert len(world.mailer.letters) == 1


def test_a_request_with_an_unknown_field_or_a_wrong_type_is_refused() -> None:
    errors = Send().validate({"template_code": "paid", "channel": "email", "adress": "x", "values": []})
    assert set(errors) == {"adress", "values"}
