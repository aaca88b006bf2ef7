"""Commands and queries on templates."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notification.domain.channels import LOCALES, check_channel
from services.notification.domain.errors import TemplateUnknown
from services.notification.domain.ports import NotificationUnit
from services.notification.domain.templates import (
    Template,
    TemplateKey,
    check_template,
    missing_values,
    placeholders,
    render_present,
)
from shared_components.kernel.paging import PagedList

TEMPLATES = PagedList[tuple[str, str, str]]("notification.list_templates", str, str, str)


def put_template(unit: NotificationUnit, tenant: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new version; text equal to the newest version's makes none."""
    key = TemplateKey(tenant, data["template_code"], check_channel(data["channel"]), data["locale"])
    newest = unit.templates.current([key]).get(key)
    template = check_template(
        Template(key, newest.version + 1 if newest else 1, data.get("subject"), data["body"], unit.clock.now())
    )
    if newest and (newest.subject, newest.body) == (template.subject, template.body):
        return view(newest)
    unit.templates.add(template)
    return view(template)


def list_templates(unit: NotificationUnit, tenant: str, data: Mapping[str, Any]) -> dict[str, Any]:
    page = TEMPLATES.asked(data, tenant)
    found = unit.templates.listed(tenant, after=page.after, limit=page.fetch)
    return page.reply(found, view=view, key=lambda one: (one.key.code, one.key.channel, one.key.locale))


def preview(unit: NotificationUnit, tenant: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a message would say, what it misses, and which of the values it has no place for."""
    wanted = (tenant, data["template_code"], check_channel(data["channel"]), data["locale"])
    template = choose(unit, [wanted])[wanted]
    if template is None:
        raise unknown_template(*wanted[1:3])
    values = data["values"]
    rendered = render_present(template, values)
    return {
        **view(template), "subject": rendered.subject, "body": rendered.body,
        "missing": missing_values(template, values), "unused": sorted(set(values) - set(placeholders(template))),
    }  # fmt: skip


Wanted = tuple[str, str, str, str]
"""tenant, template code, channel, locale wished for"""


def choose(unit: NotificationUnit, wanted: list[Wanted]) -> dict[Wanted, Template | None]:
    """For each wish the template in that language, else in another that there is; one query for all."""
    keys = {TemplateKey(*wish[:3], locale) for wish in wanted for locale in LOCALES}
    found = unit.templates.current(keys)
    return {wish: _nearest(found, wish) for wish in wanted}


def unknown_template(code: str, channel: str) -> TemplateUnknown:
    return TemplateUnknown(f"template {code!r} for channel {channel!r} does not exist; list_templates names all")


def view(template: Template) -> dict[str, Any]:
    needed = placeholders(template)
    return {
        "template_code": template.key.code, "channel": template.key.channel, "locale": template.key.locale,
        "version": template.version, "subject": template.subject, "body": template.body,
        "placeholders": [name for name, must in needed.items() if must],
        "optional_placeholders": [name for name, must in needed.items() if not must],
        "created_at": template.created_at,
    }  # fmt: skip


def _nearest(found: Mapping[TemplateKey, Template], wish: Wanted) -> Template | None:
    locales = sorted(LOCALES, key=lambda locale: locale != wish[3])
    keys = (TemplateKey(*wish[:3], locale) for locale in locales)
    return next((found[key] for key in keys if key in found), None)
