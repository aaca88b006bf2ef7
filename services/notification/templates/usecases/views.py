"""Templates as callers may see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.templates.domain.template import Rendered, Template, placeholders


@dataclass(frozen=True, slots=True)
class TemplateView:
    """app: None for a template of the department."""

    template_code: str
    app: str | None
    channel: str
    locale: str
    version: int
    subject: str | None
    body: str
    placeholders: Sequence[str]
    optional_placeholders: Sequence[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The template's facts, with subject and body as a recipient would read them."""

    template_code: str
    app: str | None
    channel: str
    locale: str
    version: int
    subject: str | None = field(repr=False)
    body: str = field(repr=False)
    placeholders: Sequence[str]
    optional_placeholders: Sequence[str]
    created_at: datetime
    missing: Sequence[str]
    unused: Sequence[str]


def template_view(template: Template) -> TemplateView:
    must, may = _names(template)
    return TemplateView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=template.subject, body=template.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at,
    )


def preview_view(
    template: Template, rendered: Rendered, *, missing: Sequence[str], unused: Sequence[str],
) -> PreviewView:
    must, may = _names(template)
    return PreviewView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=rendered.subject, body=rendered.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at, missing=missing, unused=unused,
    )


def _names(template: Template) -> tuple[list[str], list[str]]:
    """The placeholders that need a value, and those that may be left out."""
    found = placeholders(template)
    return [name for name, needed in found.items() if needed], [name for name, needed in found.items() if not needed]
