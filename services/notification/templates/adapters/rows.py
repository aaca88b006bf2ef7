"""Templates as rows, and rows as templates."""
from __future__ import annotations

from typing import Any

from services.notification.templates.domain.template import Template, TemplateKey


def template_values(template: Template) -> dict[str, Any]:
    return {
        **key_values(template.key), "version": template.version, "subject": template.subject, "body": template.body,
        "created_at": template.created_at,
    }


def key_values(key: TemplateKey) -> dict[str, str]:
    return {
        "tenant_id": key.tenant, "app": key.app, "template_code": key.code, "channel": key.channel,
        "locale": key.locale,
    }


def to_template(row: Any) -> Template:
    """row: the key's columns, then version, subject, body, created_at."""
    tenant, app, code, channel, locale, version, subject, body, created_at = row
    return Template(TemplateKey(tenant, app, code, channel, locale), version, subject, body, created_at)
