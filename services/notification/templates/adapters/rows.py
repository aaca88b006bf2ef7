"""Templates as rows, and rows as templates."""
from __future__ import annotations

from typing import Any

from services.notification.templates.domain.template import Template, TemplateKey
from shared_components.security.authority import Facts


def template_values(template: Template) -> dict[str, Any]:
    return {
        **key_values(template.key), "version": template.version, "subject": template.subject, "body": template.body,
        "created_at": template.created_at, "purpose": template.purpose, "written_by": template.written_by,
        "approved_by": template.approved_by, "approved_at": template.approved_at,
    }


def key_values(key: TemplateKey) -> dict[str, str]:
    return {
        "tenant_id": key.tenant, "app": key.app, "template_code": key.code, "channel": key.channel,
        "locale": key.locale,
    }


def template_facts(row: Any) -> Facts:
    """A template belongs to an app, or to the department."""
    return Facts(row.tenant_id, made_by=row.app or None)


def to_template(row: Any) -> Template:
    key = TemplateKey(row.tenant_id, row.app, row.template_code, row.channel, row.locale)
    return Template(
        key, row.version, row.subject, row.body, row.created_at, row.purpose, row.written_by, row.approved_by,
        row.approved_at)
