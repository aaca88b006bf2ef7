"""Queries on messages, and what a person does with them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.notification.domain import messages as domain
from services.notification.domain.channels import INBOX, mask_email_address
from services.notification.domain.errors import InboxOfAnother, MessageUnknown
from services.notification.domain.messages import STATE_LABELS, Message
from services.notification.domain.ports import Filter, NotificationTransaction
from services.notification.usecases.events import emit_message_changed
from shared_components.kernel.apps import is_app
from shared_components.kernel.errors import StalePrecondition
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

MESSAGES = PagedList[str]("notification.list", str)
INBOX_ITEMS = PagedList[str]("notification.inbox", str)


def get_message(tx: NotificationTransaction, context: CallContext, message_id: str) -> dict[str, Any]:
    return view(_known(tx, context, message_id))


def find_messages(tx: NotificationTransaction, context: CallContext, data: Mapping[str, Any]) -> dict[str, Any]:
    page = MESSAGES.asked(data, context.tenant, *(context.makers or ()))
    wanted = Filter(
        context.makers, reference=data.get("reference"), recipient_subject=data.get("recipient_subject"),
        channel=data.get("channel"), after=page.after, limit=page.fetch)
    return page.reply(tx.messages.find(context.tenant, wanted), view=view, key=_key)


def inbox(tx: NotificationTransaction, call: Call) -> dict[str, Any]:
    context, subject = call.context, call.data["recipient_subject"]
    _own(call, subject)
    page = INBOX_ITEMS.asked(call.data, context.tenant, context.subject, *(context.makers or ()))
    wanted = Filter(
        context.makers, told=True, recipient_subject=subject, channel=INBOX, after=page.after, limit=page.fetch)
    found = tx.messages.find(context.tenant, wanted)
    unread = tx.messages.count_unread(context.tenant, wanted)
    return {**page.reply(found, view=inbox_view, key=_key), "unread": unread}


def mark_read(tx: NotificationTransaction, call: Call) -> dict[str, Any]:
    """Note the first reading; a later one changes nothing."""
    message = _known(tx, call.context, call.data["message_id"], told=True)
    if message.channel != INBOX:
        raise MessageUnknown(f"message {message.message_id} is in channel {message.channel!r}; only an inbox is read")
    _own(call, message.recipient_subject)
    if message.read_at is None:
        message = _save(tx, message, replace(message, read_at=tx.clock.now()))
    return {"message_id": message.message_id, "read_at": message.read_at}


def cancel(tx: NotificationTransaction, context: CallContext, message_id: str) -> dict[str, Any]:
    message = _known(tx, context, message_id)
    cancelled, event = domain.cancel(message)
    emit_message_changed(tx, event, _save(tx, message, cancelled))
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


def _known(tx: NotificationTransaction, context: CallContext, message_id: str, *, told: bool = False) -> Message:
    """told: what belongs to no app is for the person, whichever app shows it. Raises MessageUnknown."""
    message = tx.messages.get(context.tenant, message_id)
    if message is None or not (context.reaches(message.app) or (told and not is_app(message.app))):
        raise MessageUnknown(f"message {message_id!r} does not exist")
    return message


def _save(tx: NotificationTransaction, before: Message, after: Message) -> Message:
    if not tx.messages.save(before, after):
        raise StalePrecondition(f"message {before.message_id} has changed since it was read; read it again")
    return after


def _own(call: Call, subject: str | None) -> str | None:
    """A call made for a person reaches that person's inbox only."""
    acting = call.context.subject
    if acting is not None and acting != subject:
        raise InboxOfAnother("the inbox belongs to another subject than the one acted for; only the own one is open")
    return subject
