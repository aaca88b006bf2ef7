"""Keys of the Notify API: what each kind may reach, and that no other app can use or see anything of them."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.notification.messages.domain.errors import MessageUnknown, TooManyCodes
from services.notification.notify_api.domain.errors import NotifyGuestsNotUsed, NotifyKeyUnknown, RecipientNotOfTeam
from services.notification.notify_api.schemas import CreateNotifyKey, SendByNotify
from services.notification.notify_api.usecases import keys as keeping
from services.notification.notify_api.usecases import messages, templates
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.schemas import PutTemplate
from services.notification.templates.usecases.put_template import put_template
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from tests.unit.notification.world import CONTRACT, RULES, World

A, B = "app-a", "app-b"
GUEST, NUMBER = "Guest@example.cn", "138 0000 0001"


def context(method: str, caller: str = A) -> CallContext:
    return CallContext(caller, "transport", department="transport", rule=RULES[method], op_id="op")


def key(world: World, kind: str, guests: tuple[str, ...] = (), caller: str = A) -> str:
    with world.begin() as tx:
        command = CreateNotifyKey().load({"name": kind, "kind": kind, "guests": list(guests)})
        return keeping.create_notify_key(tx, command, context("create_notify_key", caller)).key_id


def template(world: World, channel: str = "email", **more: Any) -> str:
    """The id of a template of app A."""
    given = {"template_code": channel, "channel": channel, "body": "((code))", **more}
    with world.begin() as tx:
        put_template(tx, PutTemplate().load({"subject": "s", **given} if channel == "email" else given),
                     context("put_template"))
    with world.begin() as tx:
        shown = templates.list_notify_templates(
            tx, templates.ListNotifyTemplates(channel), context("list_notify_templates"))
    (found,) = shown.items
    return found.template_id


def send(
    world: World, key_id: str, template_id: str, address: str, channel: str = "email", caller: str = A,
) -> messages.NotifyMessageView:
    command = SendByNotify().load({
        "key_id": key_id, "template_id": template_id, "channel": channel, "address": address, "values": {"code": "1"}})
    with world.begin() as tx:
        return messages.send_by_notify(tx, command, context("send_by_notify", caller))


def test_a_team_key_reaches_its_list_alone_however_a_number_is_written(world: World) -> None:
    team = key(world, "team", (GUEST, NUMBER))
    email, sms = template(world), template(world, "sms")
    for address in (GUEST, GUEST.upper(), "guest@example.cn"):
        assert send(world, team, email, address).state == "created"
    assert send(world, team, sms, "+8613800000001", "sms").state == "created"
    for template_id, address, channel in ((email, "li@example.cn", "email"), (sms, "13800000002", "sms")):
        with pytest.raises(RecipientNotOfTeam) as caught:
            send(world, team, template_id, address, channel)
        assert address not in str(caught.value)


def test_a_test_key_sends_nothing_and_uses_up_no_persons_codes(world: World) -> None:
    test, live = key(world, "test"), key(world, "live")
    sms = template(world, "sms", purpose="code")
    tried = [send(world, test, sms, NUMBER, "sms") for _ in range(2)]
    assert {one.state for one in tried} == {"delivered"}
    world.deliver_texts(*(one.message_id for one in tried))
    world.sweep(after_s=60)
    assert world.carrier.requests == 0
    assert send(world, live, sms, NUMBER, "sms").state == "created"
    with pytest.raises(TooManyCodes):
        send(world, live, sms, NUMBER, "sms")
    assert TooManyCodes in CONTRACT.methods["send_by_notify"].errors


def test_a_list_of_recipients_is_refused_for_keys_that_would_ignore_it(world: World) -> None:
    for kind in ("live", "test"):
        with pytest.raises(NotifyGuestsNotUsed):
            key(world, kind, (GUEST,))


def test_another_app_can_neither_use_nor_see_keys_messages_and_templates(world: World) -> None:
    live, email = key(world, "live"), template(world)
    sent = send(world, live, email, "li@example.cn")
    refused: Mapping[type[AppError], Any] = {
        NotifyKeyUnknown: lambda tx: keeping.revoke_notify_key(
            tx, keeping.RevokeNotifyKey(live), context("revoke_notify_key", B)),
        MessageUnknown: lambda tx: messages.get_by_notify(
            tx, messages.GetByNotify(sent.message_id), context("get_by_notify", B)),
        TemplateUnknown: lambda tx: templates.get_notify_template(
            tx, templates.GetNotifyTemplate(email), context("get_notify_template", B)),
    }
    for error, call in refused.items():
        with world.begin() as tx, pytest.raises(error):
            call(tx)
    with pytest.raises(NotifyKeyUnknown):
        send(world, live, email, "li@example.cn", caller=B)
    with pytest.raises(TemplateUnknown):
        send(world, key(world, "live", caller=B), email, "li@example.cn", caller=B)
    with world.begin() as tx:
        (page,) = keeping.list_notify_keys(tx, [Call(keeping.ListNotifyKeys(), context("list_notify_keys", A))])
        assert not isinstance(page, AppError) and [one.key_id for one in page.items] == [live]
        listed = messages.list_by_notify(tx, messages.ListByNotify(), context("list_by_notify", B))
        assert list(listed.items) == []
