"""Queries on messages, and what a person does with them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.notification.domain import messages as domain
from services.notification.domain.channels import INBOX, mask_email_address
from services.notification.domain.errors import InboxOfAnother, MessageUnknown
from services.notification.domain.messages import STATE_LABELS, Message
from services.notification.domain.ports import Filter, NotificationUnit
from services.notification.usecases.events import record
from shared_components.kernel.errors import StalePrecondition
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.bus import Call

MESSAGES = PagedList[str]("notification.list", str)
INBOX_ITEMS = PagedList[str]("notification.inbox", str)


def get_message(unit: NotificationUnit, tenant: str, message_id: str) -> dict[str, Any]:
    return view(_known(unit, tenant, message_id))


def find_messages(unit: NotificationUnit, tenant: str, data: Mapping[str, Any]) -> dict[str, Any]:
    page = MESSAGES.asked(data, tenant)
    wanted = Filter(
        data.get("reference"), data.get("recipient_subject"), data.get("channel"), page.after, page.fetch)
    return page.reply(unit.messages.find(tenant, wanted), view=view, key=_key)


def inbox(unit: NotificationUnit, call: Call) -> dict[str, Any]:
    tenant, subject = call.context.tenant, call.data["recipient_subject"]
    _own(call, subject)
    page = INBOX_ITEMS.asked(call.data, tenant, call.context.subject)
    wanted = Filter(recipient_subject=subject, channel=INBOX, after=page.after, limit=page.fetch)
    found = unit.messages.find(tenant, wanted)
    return {**page.reply(found, view=inbox_view, key=_key), "unread": unit.messages.count_unread(tenant, subject)}


def mark_read(unit: NotificationUnit, call: Call) -> dict[str, Any]:
    """Note the first reading; a later one changes nothing."""
    message = _known(unit, call.context.tenant, call.data["message_id"])
    if message.channel != INBOX:
        raise MessageUnknown(f"message {message.message_id} is in channel {message.channel!r}; only an inbox is read")
    _own(call, message.recipient_subject)
    if message.read_at is None:
        message = _save(unit, message, replace(message, read_at=unit.clock.now()))
    return {"message_id": message.message_id, "read_at": message.read_at}


def cancel(unit: NotificationUnit, tenant: str, message_id: str) -> dict[str, Any]:
    message = _known(unit, tenant, message_id)
    cancelled, event = domain.cancel(message)
    record(unit, event, _save(unit, message, cancelled))
    return view(cancelled)


def view(message: Message) -> dict[str, Any]:
    """For those who send: where a message stands, not what it says."""
    return {
        "message_id": message.message_id, "channel": message.channel, "state": message.state,
        "state_label": STATE_LABELS[message.state], "template_code": message.template_code,
        "template_version": message.template_version, "locale": message.locale, "reference": message.reference,
        "recipient_subject": message.recipient_subject,
        "address": None if message.address is None else mask_email_address(message.address),
        "attempts": message.attempts, "next_attempt_at": message.next_attempt_at,
        "failure_code": message.failure_code, "created_at": message.created_at, "sent_at": message.sent_at,
        "delivered_at": message.delivered_at, "read_at": message.read_at,
    }  # fmt: skip


def inbox_view(message: Message) -> dict[str, Any]:
    """For the one who is meant."""
    return {
        "message_id": message.message_id, "subject": message.subject, "body": message.body,
        "reference": message.reference, "delivered_at": message.delivered_at, "read_at": message.read_at,
    }  # fmt: skip


def _key(message: Message) -> str:
    return message.message_id


def _known(unit: NotificationUnit, tenant: str, message_id: str) -> Message:
    message = unit.messages.get(tenant, message_id)
    if message is None:
        raise MessageUnknown(f"message {message_id!r} does not exist")
    return message


def _save(unit: NotificationUnit, before: Message, after: Message) -> Message:
    if not unit.messages.save(before, after):
        raise StalePrecondition(f"message {before.message_id} has changed since it was read; read it again")
    return after


def _own(call: Call, subject: str | None) -> str | None:
    """A call made for a person reaches that person's inbox only."""
    acting = call.context.subject
    if acting is not None and acting != subject:
        raise InboxOfAnother("the inbox belongs to another subject than the one acted for; only the own one is open")
    return subject
