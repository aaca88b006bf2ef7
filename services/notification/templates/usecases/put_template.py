"""Keep a new version of a template."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import check_channel
from services.notification.templates.domain.template import NOTICE, Template, TemplateKey, check_template
from services.notification.templates.usecases.approve_template import author
from services.notification.templates.usecases.choose_template import owner
from services.notification.templates.usecases.views import TemplateView, template_view
from shared_components.kernel.apps import is_app
from shared_components.kernel.callers import OPERATOR
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
    purpose: str = NOTICE


def put_template(tx: PutTemplateTx, command: PutTemplate, context: CallContext) -> TemplateView:
    """Keep a new version; text equal to the newest version's makes none.

    A service's templates are part of what was released or approved with it, such as a matter's definition.
    Raises ChannelNotBuilt, TemplateInvalid, LineBreakInHeader, ControlCharacter.
    """
    channel = check_channel(command.channel)
    key = TemplateKey(context.tenant, owner(context), command.template_code, channel, command.locale)
    newest = tx.templates.newest_alone(context, key)
    version = newest.version + 1 if newest else 1
    at = tx.clock.now()
    by_service = not is_app(context.caller) and context.caller != OPERATOR
    template = check_template(Template(
        key, version, command.subject, command.body, at, command.purpose, author(context),
        approved_by=context.caller if by_service else None, approved_at=at if by_service else None))
    if newest and _text(newest) == _text(template):
        return template_view(newest)
    tx.templates.add(template)
    return template_view(template)


def _text(template: Template) -> tuple[str | None, str, str]:
    return template.subject, template.body, template.purpose
