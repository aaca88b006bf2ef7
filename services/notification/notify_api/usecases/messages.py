"""Send and read messages as the Notify API has them: with their words, for the app that sent them."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.notification.messages.domain.message import DELIVERED, MESSAGE, Message
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.known_message import ChangesMessages, unknown_message
from services.notification.messages.usecases.send import NewMessages, SendMessage, SendTx, send_messages
from services.notification.notify_api.domain.errors import RecipientNotOfTeam, TemplateUnsuitable
from services.notification.notify_api.domain.keys import TEAM, TEST, NotifyKey, one_spelling
from services.notification.notify_api.usecases.keys import HasNotifyKeys
from services.notification.notify_api.usecases.templates import CHANNELS, IdentifiedTemplates, named_template
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SentMessages(NewMessages, ChangesMessages, Protocol):
    """Messages that are added and changed in one transaction."""


class SendByNotifyTx(SendTx, HasNotifyKeys, Protocol):
    """The part of a transaction that sending needs."""

    @property
    def messages(self) -> SentMessages: ...

    @property
    def identified_templates(self) -> IdentifiedTemplates: ...


class SentByApp(Protocol):
    """Messages of the calling app."""

    def sent_by(self, context: CallContext, wanted: MessageFilter) -> Sequence[Message]:
        """Newest first."""
        ...

    def one_sent_by(self, context: CallContext, message_id: str) -> Message | None: ...


class ReadByNotifyTx(Protocol):
    """The part of a transaction that reading needs."""

    @property
    def sent_messages(self) -> SentByApp: ...

    @property
    def identified_templates(self) -> IdentifiedTemplates: ...


@dataclass(frozen=True, slots=True)
class SendByNotify:
    """key_id: of the key whose token came with the request. address: of an e-mail, or a phone number."""

    key_id: str
    template_id: str
    channel: str
    address: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class GetByNotify:
    message_id: str


@dataclass(frozen=True, slots=True)
class ListByNotify:
    """older_than: only messages that were made before this one."""

    states: Sequence[str] = ()
    channel: str | None = None
    reference: str | None = None
    older_than: str | None = None
    limit: int = 250


@dataclass(frozen=True, slots=True)
class MessageFilter:
    states: Collection[str]
    channels: Collection[str]
    reference: str | None
    older_than: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class NotifyMessageView:
    """template_id: None when its template cannot be named."""

    message_id: str
    channel: str
    state: str
    template_id: str | None
    template_version: int
    address: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    reference: str | None
    created_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotifyMessagesView:
    items: Sequence[NotifyMessageView]


def send_by_notify(tx: SendByNotifyTx, command: SendByNotify, context: CallContext) -> NotifyMessageView:
    """Send a message, or as much of it as the kind of key allows.

    Raises TemplateUnsuitable, RecipientNotOfTeam, and what `send_messages` gives.
    """
    key = tx.notify_keys.sending(context, command.key_id)
    template = _suitable(named_template(tx, command.template_id, context), command.channel)
    _check_recipient(key, command.address)
    (sent,) = send_messages(tx, [Call(_message_of(command, template), context)], simulated=key.kind == TEST)
    if isinstance(sent, AppError):
        raise sent
    (message,) = tx.messages.read([(context, sent.message_id)])
    if isinstance(message, AppError):
        raise message
    if key.kind == TEST:
        message = _as_delivered(tx, message)
    return _view(message, command.template_id)


def get_by_notify(tx: ReadByNotifyTx, command: GetByNotify, context: CallContext) -> NotifyMessageView:
    """Raises MessageUnknown."""
    found = tx.sent_messages.one_sent_by(context, command.message_id)
    if found is None or found.channel not in CHANNELS:
        raise unknown_message(command.message_id)
    (view,) = _views(tx, [found])
    return view


def list_by_notify(tx: ReadByNotifyTx, command: ListByNotify, context: CallContext) -> NotifyMessagesView:
    """The app's messages, newest first."""
    channels = CHANNELS if command.channel is None else [command.channel]
    found = tx.sent_messages.sent_by(context, MessageFilter(
        command.states, channels, command.reference, command.older_than, command.limit))
    return NotifyMessagesView(_views(tx, found))


def _message_of(command: SendByNotify, template: Template) -> SendMessage:
    return SendMessage(
        template_code=template.key.code, channel=template.key.channel, values=command.values, address=command.address,
        reference=command.reference, locale=template.key.locale)


def _suitable(template: Template, channel: str) -> Template:
    if template.key.channel != channel:
        raise TemplateUnsuitable(
            Bilingual(
                f"template is for channel {template.key.channel!r} and cannot be sent as {channel!r}",
                f"该模板用于渠道 {template.key.channel}，不能用于 {channel}"),
            details={"channel": template.key.channel})
    return template


def _check_recipient(key: NotifyKey, address: str) -> None:
    if key.kind == TEAM and one_spelling(address) not in {one_spelling(guest) for guest in key.guests}:
        raise RecipientNotOfTeam(Bilingual(
            "the recipient is not on the team key's list; list recipients with create_notify_key, or use a live key",
            "收件人不在团队密钥的名单内；请在 create_notify_key 中列出，或使用正式密钥"))


def _as_delivered(tx: SendByNotifyTx, message: Message) -> Message:
    """The message of a test key: nothing is sent, and it counts as delivered at once."""
    at = message.created_at
    event = MESSAGE.move(message.state, DELIVERED)
    delivered = replace(message, state=DELIVERED, sent_at=at, delivered_at=at, next_attempt_at=None)
    tx.messages.save(message, delivered)
    emit_message_changed(tx, event, delivered)
    return delivered


def _views(tx: ReadByNotifyTx, messages: Sequence[Message]) -> list[NotifyMessageView]:
    ids = tx.identified_templates.ids([key for message in messages for key in _keys_of(message)])
    return [
        _view(message, next((ids[key] for key in _keys_of(message) if key in ids), None)) for message in messages]


def _keys_of(message: Message) -> list[TemplateKey]:
    """The app's own template first: sending takes that one."""
    return [
        TemplateKey(message.tenant, app, message.template_code, message.channel, message.locale)
        for app in (message.app, DEPARTMENT)]


def _view(message: Message, template_id: str | None) -> NotifyMessageView:
    completed = message.delivered_at if message.delivered_at is not None else message.sent_at
    return NotifyMessageView(
        message_id=message.message_id, channel=message.channel, state=message.state, template_id=template_id,
        template_version=message.template_version, address=message.address, subject=message.subject,
        body=message.body, reference=message.reference, created_at=message.created_at, sent_at=message.sent_at,
        completed_at=completed if message.state in MESSAGE.final or message.state == "sent" else None)
