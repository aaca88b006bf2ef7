"""Choose templates: the caller's own before the department's, in the language that is wished for before another."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.common.channels import LOCALES
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.authority import Sealed
from shared_components.security.authority.opening import open_row

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class CurrentTemplates(Protocol):
    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Sealed[Template]]:
        """The newest version under each of the keys that exist, in one query."""
        ...


class ChooseTemplateTx(Protocol):
    """The part of a transaction that choosing a template needs."""

    @property
    def templates(self) -> CurrentTemplates: ...


class Wish(NamedTuple):
    """owner: whose template is taken first. locale: the language wished for."""

    tenant: str
    owner: str
    code: str
    channel: str
    locale: str


def owner(context: CallContext) -> str:
    """Whose templates a caller puts and uses first: an app its own, a service or operator the department's."""
    return context.caller if is_app(context.caller) else DEPARTMENT


def choose_templates(
    tx: ChooseTemplateTx, asked: Sequence[tuple[CallContext, Wish]],
) -> list[Template | None]:
    """The nearest template that each call may use, all in one query."""
    found = tx.templates.current({key for _, wish in asked for key in _candidates(wish)})
    return [_nearest(found, context, wish) for context, wish in asked]


def require(template: Template | None, wish: Wish) -> Template:
    """Raises TemplateUnknown."""
    if template is None:
        raise TemplateUnknown(Bilingual(
            f"template {wish.code!r} for channel {wish.channel!r} does not exist; list_templates names all",
            f"渠道 {wish.channel} 没有代码为“{wish.code}”的模板；可用 list_templates 查询已有模板"))
    return template


def _nearest(found: Mapping[TemplateKey, Sealed[Template]], context: CallContext, wish: Wish) -> Template | None:
    rows = (found[key] for key in _candidates(wish) if key in found)
    opened = (open_row(context, row) for row in rows)
    return next((template for template in opened if template is not None), None)


def _candidates(wish: Wish) -> list[TemplateKey]:
    """Best first."""
    locales = sorted(LOCALES, key=lambda locale: locale != wish.locale)
    return [
        TemplateKey(wish.tenant, app, wish.code, wish.channel, locale)
        for app in (wish.owner, DEPARTMENT) for locale in locales
    ]
