"""Choose templates: the caller's own before the department's, in the language that is wished for before another."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.common.channels import LOCALES
from services.notification.templates.domain.errors import TemplateNotApproved, TemplateUnknown
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from shared_components.kernel.apps import SANDBOX_SUFFIX, is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.security.authority import Sealed
from shared_components.security.authority.opening import open_row

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

class CurrentTemplates(Protocol):
    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Sealed[Template]]:
        """The newest version under each of the keys that exist, in one query."""
        ...

    def in_force(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Sealed[Template]]:
        """The newest approved version under each of the keys that have one, in one query."""
        ...


class ChooseTemplateTx(Protocol):
    """The part of a transaction that choosing a template needs."""

    @property
    def templates(self) -> CurrentTemplates: ...

    @property
    def approval_required(self) -> bool:
        """Whether messages of production are made of approved versions only."""
        ...


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
    tx: ChooseTemplateTx, asked: Sequence[tuple[CallContext, Wish]], *, drafts: bool = False,
) -> list[Template | AppError]:
    """The nearest template that each call may use, TemplateUnknown or TemplateNotApproved; in one query or two.

    drafts: whether versions that nobody has approved are given to everybody.
    """
    strict = [
        tx.approval_required and not drafts and not context.caller.endswith(SANDBOX_SUFFIX) for context, _ in asked]
    in_force = tx.templates.in_force(_keys(asked, strict, True))
    newest = tx.templates.current(_keys(asked, strict, False))
    return [
        _nearest(in_force if needs_approval else newest, context, wish) or _missing(tx, context, wish, needs_approval)
        for (context, wish), needs_approval in zip(asked, strict, strict=True)]


def require(chosen: Template | AppError) -> Template:
    """Raises the error that was chosen instead."""
    if isinstance(chosen, AppError):
        raise chosen
    return chosen


def _keys(asked: Sequence[tuple[CallContext, Wish]], strict: Sequence[bool], wanted: bool) -> set[TemplateKey]:
    return {key for (_, wish), one in zip(asked, strict, strict=True) if one == wanted for key in _candidates(wish)}


def _missing(tx: ChooseTemplateTx, context: CallContext, wish: Wish, needs_approval: bool) -> AppError:
    draft = _nearest(tx.templates.current(set(_candidates(wish))), context, wish) if needs_approval else None
    if draft is not None:
        return TemplateNotApproved(
            Bilingual(
                f"template {wish.code!r} version {draft.version} for channel {wish.channel!r} is not approved; "
                "production sends approved versions only: see approve_template",
                f"渠道 {wish.channel} 的模板“{wish.code}”版本 {draft.version} 尚未审核；生产环境只发送审核通过的版本，"
                "见 approve_template"),
            details={"template_code": wish.code, "version": draft.version})
    return TemplateUnknown(Bilingual(
        f"template {wish.code!r} for channel {wish.channel!r} does not exist; list_templates names all",
        f"渠道 {wish.channel} 没有代码为“{wish.code}”的模板；可用 list_templates 查询已有模板"))


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
