"""Templates: text with ((placeholders)), and nothing that could be a program."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.channels import EMAIL, check_header
from services.notification.domain.errors import TemplateInvalid, ValuesMissing

_PLACEHOLDER = re.compile(r"\(\(([^\W\d]\w{0,39})(\?)?\)\)")
_BRACES = re.compile(r"\(\(|\)\)")


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """What names a template; each put under the same key is a new version."""

    tenant: str
    code: str
    channel: str
    locale: str


@dataclass(frozen=True, slots=True)
class Template:
    """version: 1, 2, …; subject: of an e-mail or an inbox message, may be None for the inbox."""

    key: TemplateKey
    version: int
    subject: str | None
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str | None
    body: str


def check_template(template: Template) -> Template:
    """Raises TemplateInvalid or LineBreakInHeader."""
    if template.key.channel == EMAIL and not template.subject:
        raise TemplateInvalid(f"template {template.key.code!r} for e-mail has no subject; it needs one")
    check_header("subject", template.subject or "")
    for part in _parts(template):
        if _BRACES.search(_PLACEHOLDER.sub("", part)):
            raise TemplateInvalid(
                f"template {template.key.code!r} has '((' or '))' that is no placeholder; allowed are ((name)) and "
                "((name?)) with a name of letters, digits and _, a letter first, up to 40"
            )
    return template


def placeholders(template: Template) -> dict[str, bool]:
    """Every placeholder's name, and whether it must have a value: one ((name)) without ? makes it needed."""
    found: dict[str, bool] = {}
    for part in _parts(template):
        for match in _PLACEHOLDER.finditer(part):
            found[match[1]] = found.get(match[1], False) or match[2] is None
    return found


def missing_values(template: Template, values: Mapping[str, str]) -> list[str]:
    return [name for name, needed in placeholders(template).items() if needed and name not in values]


def render(template: Template, values: Mapping[str, str]) -> Rendered:
    """Put the values in as they are: both channels are plain text, and a value's own (( )) is never looked at.

    Raises ValuesMissing, and LineBreakInHeader when a value would break the subject's line.
    """
    missing = missing_values(template, values)
    if missing:
        raise ValuesMissing(
            f"template {template.key.code!r} misses values for {', '.join(missing)}; give them all",
            details={"missing": missing},
        )
    return render_present(template, values)


def render_present(template: Template, values: Mapping[str, str]) -> Rendered:
    """The same for a preview: a needed placeholder without a value stays as it stands."""

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: values.get(match[1], "" if match[2] else match[0]), text)

    subject = None if template.subject is None else check_header("subject", filled(template.subject))
    return Rendered(subject, filled(template.body))


def _parts(template: Template) -> tuple[str, ...]:
    return (template.subject or "", template.body)
