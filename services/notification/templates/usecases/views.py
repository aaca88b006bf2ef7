"""Templates as callers may see them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.common.channels import SMS
from services.notification.common.sms_text import SmsSize, measure, signed
from services.notification.templates.domain.filing import Filing
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
    purpose: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class FilingView:
    """A filing without what a provider's account would tell."""

    provider: str
    state: str
    provider_template_id: str
    signature: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TemplateDetailView(TemplateView):
    """One version with its filings."""

    filings: Sequence[FilingView]


@dataclass(frozen=True, slots=True)
class SizeView:
    characters: int
    parts: int


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
    purpose: str
    approved_at: datetime | None
    missing: Sequence[str]
    unused: Sequence[str]
    size: SizeView | None


def template_view(template: Template) -> TemplateView:
    must, may = _names(template)
    return TemplateView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=template.subject, body=template.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at, purpose=template.purpose,
        approved_at=template.approved_at,
    )


def template_detail_view(template: Template, filings: Sequence[Filing]) -> TemplateDetailView:
    must, may = _names(template)
    return TemplateDetailView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=template.subject, body=template.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at, purpose=template.purpose,
        approved_at=template.approved_at,
        filings=[FilingView(one.provider, one.state, one.provider_template_id, one.signature, one.changed_at)
                 for one in filings],
    )


def preview_view(
    template: Template, rendered: Rendered, *, missing: Sequence[str], unused: Sequence[str], signature: str,
    mainland: bool,
) -> PreviewView:
    """signature: of a text message to a mainland number."""
    must, may = _names(template)
    return PreviewView(
        template_code=template.key.code, app=template.key.app or None, channel=template.key.channel,
        locale=template.key.locale, version=template.version, subject=rendered.subject, body=rendered.body,
        placeholders=must, optional_placeholders=may, created_at=template.created_at, purpose=template.purpose,
        approved_at=template.approved_at, missing=missing, unused=unused,
        size=_size(rendered.body, signature, mainland) if template.key.channel == SMS else None,
    )


def _size(body: str, signature: str, mainland: bool) -> SizeView:
    size: SmsSize = measure(signed(signature if mainland else "", body), mainland=mainland)
    return SizeView(size.characters, size.parts)


def _names(template: Template) -> tuple[list[str], list[str]]:
    """The placeholders that need a value, and those that may be left out."""
    found = placeholders(template)
    return [name for name, needed in found.items() if needed], [name for name, needed in found.items() if not needed]
