"""Keep a new version of a template."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import check_channel
from services.notification.templates.domain.template import Template, TemplateKey, check_template
from services.notification.templates.usecases.choose_template import owner
from services.notification.templates.usecases.views import TemplateView, template_view
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class VersionedTemplates(Protocol):
    def newest_alone(self, context: CallContext, key: TemplateKey) -> Template | None:
        """The newest version for a call; until this transaction ends, nobody else reads it so, and adds one."""
        ...

    def add(self, template: Template) -> None:
        """Keep it as the newest version under its key."""
        ...


class PutTemplateTx(HasClock, Protocol):
    """The part of a transaction that putting a template needs."""

    @property
    def templates(self) -> VersionedTemplates: ...


@dataclass(frozen=True, slots=True)
class PutTemplate:
    template_code: str
    channel: str
    locale: str
    body: str
    subject: str | None = None


def put_template(tx: PutTemplateTx, command: PutTemplate, context: CallContext) -> TemplateView:
    """Keep a new version; text equal to the newest version's makes none.

    Raises ChannelNotBuilt, TemplateInvalid, LineBreakInHeader, ControlCharacter.
    """
    channel = check_channel(command.channel)
    key = TemplateKey(context.tenant, owner(context), command.template_code, channel, command.locale)
    newest = tx.templates.newest_alone(context, key)
    version = newest.version + 1 if newest else 1
    template = check_template(Template(key, version, command.subject, command.body, tx.clock.now()))
    if newest and (newest.subject, newest.body) == (template.subject, template.body):
        return template_view(newest)
    tx.templates.add(template)
    return template_view(template)
