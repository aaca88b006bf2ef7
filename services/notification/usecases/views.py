"""Templates and messages as callers may see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.domain.channels import mask_email_address
from services.notification.domain.messages import STATE_LABELS, Message
from services.notification.domain.templates import Rendered, Template, placeholders
from shared_components.kernel.bilingual import in_locale


@dataclass(frozen=True, slots=True)
class TemplateView:
    """app: None for a template of the department."""

    template_code: str
    app: str | None
    channel: str
    locale: str
    version: int
    subject: str | None
    body: str
    placeholders: Sequence[str]
    optional_placeholders: Sequence[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The template's facts, with subject and body as a recipient would read them."""

    template_code: str
    app: str | None
    channel: str
    locale: str
    version: int
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    placeholders: Sequence[str]
    optional_placeholders: Sequence[str]
    created_at: datetime
    missing: Sequence[str]
    unused: Sequence[str]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message for its sender: where it stands, not what it says. address is masked."""

    message_id: str
    channel: str
    state: str
    state_label: str
    template_code: str
    template_version: int
    locale: str
    reference: str | None
    recipient_subject: str | None
    address: str | None = field(repr=False)
    attempts: int
    next_attempt_at: datetime | None
    failure_code: str | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxItemView:
    """A message for its recipient."""

    message_id: str
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    reference: str | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxView:
    """A page of an inbox. unread: of the whole inbox."""

    items: Sequence[InboxItemView]
    next: str | None
    unread: int


@dataclass(frozen=True, slots=True)
class ReadMarkView:
    message_id: str
    read_at: datetime | None


def template_view(template: Template) -> TemplateView:
    must, may = _names(template)
    return TemplateView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=template.subject, body=template.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at,
    )


def preview_view(
    template: Template, rendered: Rendered, *, missing: Sequence[str], unused: Sequence[str],
) -> PreviewView:
    must, may = _names(template)
    return PreviewView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=rendered.subject, body=rendered.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at, missing=missing, unused=unused,
    )


def message_view(message: Message, locale: str) -> MessageView:
    """locale: the reader's, for the state's name."""
    return MessageView(
        message_id=message.message_id, channel=message.channel, state=message.state,
        state_label=in_locale(STATE_LABELS[message.state], locale), template_code=message.template_code,
        template_version=message.template_version, locale=message.locale, reference=message.reference,
        recipient_subject=message.recipient_subject,
        address=None if message.address is None else mask_email_address(message.address),
        attempts=message.attempts, next_attempt_at=message.next_attempt_at, failure_code=message.failure_code,
        created_at=message.created_at, sent_at=message.sent_at, delivered_at=message.delivered_at,
        read_at=message.read_at,
    )


def inbox_item_view(message: Message) -> InboxItemView:
    return InboxItemView(
        message_id=message.message_id, subject=message.subject, body=message.body, reference=message.reference,
        delivered_at=message.delivered_at, read_at=message.read_at,
    )


def _names(template: Template) -> tuple[list[str], list[str]]:
    """The placeholders that need a value, and those that may be left out."""
    found = placeholders(template)
    return [name for name, needed in found.items() if needed], [name for name, needed in found.items() if not needed]
