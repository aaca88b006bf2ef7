"""Commands and queries on templates."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.notification.domain.channels import LOCALES, check_channel
from services.notification.domain.errors import TemplateUnknown
from services.notification.domain.ports import NotificationTransaction
from services.notification.domain.templates import (
    Template,
    TemplateKey,
    check_template,
    missing_values,
    placeholders,
    render_present,
)
from shared_components.kernel.apps import is_app
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DEPARTMENT = ""
TEMPLATES = PagedList[tuple[str, str, str, str]]("notification.list_templates", str, str, str, str)


def owner(context: CallContext) -> str:
    """Whose templates a caller puts and uses first: an app its own, a service or operator the department's."""
    return context.caller if is_app(context.caller) else DEPARTMENT


def put_template(tx: NotificationTransaction, context: CallContext, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new version; text equal to the newest version's makes none."""
    channel = check_channel(data["channel"])
    key = TemplateKey(context.tenant, owner(context), data["template_code"], channel, data["locale"])
    newest = tx.templates.newest_alone(key)
    template = check_template(
        Template(key, newest.version + 1 if newest else 1, data.get("subject"), data["body"], tx.clock.now())
    )
    if newest and (newest.subject, newest.body) == (template.subject, template.body):
        return view(newest)
    tx.templates.add(template)
    return view(template)


def list_templates(tx: NotificationTransaction, context: CallContext, data: Mapping[str, Any]) -> dict[str, Any]:
    """An app's own and the department's; the department's alone for services and operators, which use no other."""
    first = owner(context)
    page = TEMPLATES.asked(data, context.tenant, first)
    found = tx.templates.listed(context.tenant, {first, DEPARTMENT}, after=page.after, limit=page.fetch)
    return page.reply(
        found, view=view, key=lambda one: (one.key.app, one.key.code, one.key.channel, one.key.locale))


def preview(tx: NotificationTransaction, context: CallContext, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a message would say, what it misses, and which of the values it has no place for."""
    wanted = (context.tenant, owner(context), data["template_code"], check_channel(data["channel"]), data["locale"])
    template = choose(tx, [wanted])[wanted]
    if template is None:
        raise unknown_template(*wanted[2:4])
    values = data["values"]
    rendered = render_present(template, values)
    return {
        **view(template), "subject": rendered.subject, "body": rendered.body,
        "missing": missing_values(template, values), "unused": sorted(set(values) - set(placeholders(template))),
    }  # fmt: skip


Wanted = tuple[str, str, str, str, str]
"""tenant, owner, template code, channel, locale wished for"""


def choose(tx: NotificationTransaction, wanted: list[Wanted]) -> dict[Wanted, Template | None]:
    """For each wish the owner's template, else the department's, in that language, else in another."""
    keys = {key for wish in wanted for key in _candidates(wish)}
    found = tx.templates.current(keys)
    return {wish: _nearest(found, wish) for wish in wanted}


def unknown_template(code: str, channel: str) -> TemplateUnknown:
    return TemplateUnknown(f"template {code!r} for channel {channel!r} does not exist; list_templates names all")


def view(template: Template) -> dict[str, Any]:
    needed = placeholders(template)
    return {
        "template_code": template.key.code, "app": template.key.app or None,
        "channel": template.key.channel, "locale": template.key.locale, "version": template.version,
        "subject": template.subject, "body": template.body,
        "placeholders": [name for name, must in needed.items() if must],
        "optional_placeholders": [name for name, must in needed.items() if not must],
        "created_at": template.created_at,
    }  # fmt: skip


def _nearest(found: Mapping[TemplateKey, Template], wish: Wanted) -> Template | None:
    return next((found[key] for key in _candidates(wish) if key in found), None)


def _candidates(wish: Wanted) -> list[TemplateKey]:
    """Best first."""
    tenant, first, code, channel, wished = wish
    locales = sorted(LOCALES, key=lambda locale: locale != wished)
    return [TemplateKey(tenant, app, code, channel, locale) for app in (first, DEPARTMENT) for locale in locales]
