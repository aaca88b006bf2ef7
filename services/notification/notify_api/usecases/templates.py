"""Templates by one id for all of their versions, as the Notify API names them."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import EMAIL, SMS
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.domain.template import Template, TemplateKey, placeholders, render
from services.notification.templates.usecases.choose_template import ChooseTemplateTx, Wish, choose_templates, owner
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

CHANNELS = (EMAIL, SMS)
"""The channels that the Notify API knows; an inbox is none of them."""


class IdentifiedTemplates(Protocol):
    """Templates by the id of their first version, which names all versions."""

    def key_of(self, context: CallContext, template_id: str) -> TemplateKey | None:
        """The key of a template that the call may use."""
        ...

    def version(self, context: CallContext, key: TemplateKey, version: int | None) -> Template | None:
        """A version, the newest one for None, for a call that may use it."""
        ...

    def ids(self, keys: Collection[TemplateKey]) -> Mapping[TemplateKey, str]: ...

    def newest(self, context: CallContext, channels: Collection[str], *, most: int) -> Sequence[Template]:
        """The newest versions of templates that the call may use, its own and the department's."""
        ...


class NotifyTemplatesTx(ChooseTemplateTx, Protocol):
    @property
    def identified_templates(self) -> IdentifiedTemplates: ...


@dataclass(frozen=True, slots=True)
class GetNotifyTemplate:
    template_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ListNotifyTemplates:
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewNotifyTemplate:
    template_id: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotifyTemplateView:
    template_id: str
    name: str
    channel: str
    version: int
    subject: str | None
    body: str
    placeholders: Mapping[str, bool]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NotifyTemplatesView:
    items: Sequence[NotifyTemplateView]


@dataclass(frozen=True, slots=True)
class NotifyPreviewView:
    template_id: str
    channel: str
    version: int
    subject: str | None = field(repr=False)
    body: str = field(repr=False)


MOST_TEMPLATES = 500


def named_template(tx: NotifyTemplatesTx, template_id: str, context: CallContext) -> Template:
    """The version that a message of the call would have. Raises TemplateUnknown, TemplateNotApproved.

    A department's template that the app has its own version of is not found: `send` would take the app's.
    """
    key = tx.identified_templates.key_of(context, template_id)
    if key is None or key.channel not in CHANNELS:
        raise template_unknown(template_id)
    wish = Wish(context.tenant, owner(context), key.code, key.channel, key.locale)
    (chosen,) = choose_templates(tx, [(context, wish)])
    if isinstance(chosen, AppError):
        raise chosen
    if chosen.key != key:
        raise template_unknown(template_id)
    return chosen


def get_notify_template(
    tx: NotifyTemplatesTx, command: GetNotifyTemplate, context: CallContext,
) -> NotifyTemplateView:
    """Raises TemplateUnknown."""
    key = tx.identified_templates.key_of(context, command.template_id)
    found = None if key is None else tx.identified_templates.version(context, key, command.version)
    if found is None or found.key.channel not in CHANNELS:
        raise template_unknown(command.template_id)
    return _view(command.template_id, found)


def list_notify_templates(
    tx: NotifyTemplatesTx, command: ListNotifyTemplates, context: CallContext,
) -> NotifyTemplatesView:
    """The newest versions of those that can be sent by the Notify API."""
    channels = CHANNELS if command.channel is None else [command.channel]
    found = tx.identified_templates.newest(context, channels, most=MOST_TEMPLATES)
    ids = tx.identified_templates.ids([template.key for template in found])
    return NotifyTemplatesView([_view(ids[template.key], template) for template in found])


def preview_notify_template(
    tx: NotifyTemplatesTx, command: PreviewNotifyTemplate, context: CallContext,
) -> NotifyPreviewView:
    """Raises TemplateUnknown, ValuesMissing, LineBreakInHeader, ControlCharacter, MessageTooLarge."""
    template = named_template(tx, command.template_id, context)
    rendered = render(template, command.values)
    return NotifyPreviewView(
        command.template_id, template.key.channel, template.version, rendered.subject, rendered.body)


def template_unknown(template_id: str) -> TemplateUnknown:
    return TemplateUnknown(Bilingual(
        f"template {template_id!r} does not exist; list_templates names all",
        f"模板 {template_id} 不存在；可用 list_templates 查询已有模板"))


def _view(template_id: str, template: Template) -> NotifyTemplateView:
    return NotifyTemplateView(
        template_id, template.key.code, template.key.channel, template.version, template.subject, template.body,
        placeholders(template), template.created_at)
