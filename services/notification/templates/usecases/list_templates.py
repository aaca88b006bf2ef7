"""List templates, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.templates.domain.template import Template
from services.notification.templates.usecases.choose_template import owner
from services.notification.templates.usecases.views import TemplateView, template_view
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt, for_good
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

Position = tuple[str, str, str, str]
"""app, code, channel, locale"""
TEMPLATES = PagedList[Position]("notification.list_templates", str, str, str, str)


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """A part of the newest versions of an owner's and the department's templates. after: None begins."""

    owner: str
    after: Position | None
    limit: int


class ListedTemplates(Protocol):
    def pages(self, asked: Sequence[tuple[CallContext, TemplatePage]]) -> list[list[Template]]:
        """Give each call its templates in the order of Position."""
        ...


class ListTemplatesTx(Protocol):
    """The part of a transaction that listing templates needs."""

    @property
    def templates(self) -> ListedTemplates: ...


@dataclass(frozen=True, slots=True)
class ListTemplates:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def list_templates(
    tx: ListTemplatesTx, calls: Sequence[Call[ListTemplates]],
) -> list[PageView[TemplateView] | AppError]:
    """Give each app its own and the department's; services and operators the department's, as they use no other."""
    pages = [attempt(_page, call) for call in calls]
    found = iter(tx.templates.pages([
        (call.context, TemplatePage(owner(call.context), page.after, page.fetch))
        for call, page in zip(calls, pages, strict=True) if isinstance(page, Page)]))
    return for_good(pages, lambda page: page.view(next(found), view=template_view, key=_position))


def _page(call: Call[ListTemplates]) -> Page[Position]:
    return TEMPLATES.asked(call.data, call.context.tenant, owner(call.context))


def _position(template: Template) -> Position:
    key = template.key
    return key.app, key.code, key.channel, key.locale
