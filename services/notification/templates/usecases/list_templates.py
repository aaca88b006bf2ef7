"""List templates."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.templates.domain.template import DEPARTMENT, Template
from services.notification.templates.usecases.choose_template import owner
from services.notification.templates.usecases.views import TemplateView, template_view
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

Position = tuple[str, str, str, str]
"""app, code, channel, locale"""
TEMPLATES = PagedList[Position]("notification.list_templates", str, str, str, str)


class ListedTemplates(Protocol):
    def listed(self, tenant: str, apps: Collection[str], *, after: Position | None, limit: int) -> list[Template]:
        """The newest version of these apps' templates behind `after`, in the order of Position."""
        ...


class ListTemplatesTx(Protocol):
    """The part of a transaction that listing templates needs."""

    @property
    def templates(self) -> ListedTemplates: ...


@dataclass(frozen=True, slots=True)
class ListTemplates:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def list_templates(tx: ListTemplatesTx, command: ListTemplates, context: CallContext) -> PageView[TemplateView]:
    """An app's own and the department's; the department's alone for services and operators, which use no other."""
    first = owner(context)
    page = TEMPLATES.asked(command, context.tenant, first)
    found = tx.templates.listed(context.tenant, {first, DEPARTMENT}, after=page.after, limit=page.fetch)
    return page.view(found, view=template_view, key=_position)


def _position(template: Template) -> Position:
    key = template.key
    return key.app, key.code, key.channel, key.locale
