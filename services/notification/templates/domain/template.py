"""Templates: text with ((placeholders)), and nothing that could be a program."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.common.channels import EMAIL, NAMES_ZH, SMS, check_line, check_text
from services.notification.common.sms_text import harmless
from services.notification.templates.domain.errors import MessageTooLarge, TemplateInvalid, ValuesMissing
from shared_components.kernel.bilingual import Bilingual

# ((name)), ((name?)), and ((name??text)), whose text stands where there is no value.
_PLACEHOLDER = re.compile(r"\(\(([^\W\d]\w{0,39})(?:(\?)(?:\?([^()]{0,200}))?)?\)\)")
_BRACES = re.compile(r"\(\(|\)\)")

CODE, NOTICE, PROMOTION = "code", "notice", "promotion"
PURPOSES = (CODE, NOTICE, PROMOTION)
"""Why a template is sent: a one-time code, word of the recipient's own matter, or something to make known."""
URGENT, NORMAL, BULK = "urgent", "normal", "bulk"
CLASSES = (URGENT, NORMAL, BULK)
"""Classes of messages: each has queues and workers of its own."""
CLASS_OF_PURPOSE = {CODE: URGENT, NOTICE: NORMAL, PROMOTION: BULK}
DEPARTMENT = ""
"""The owner of a template that all apps of a department may use."""
SUBJECT_CHARACTERS = 500
BODY_BYTES = 64 * 1024
"""The limit of a rendered body: a page of an inbox holds at least one message."""


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """The name of a template; each put under the same key is a new version.

    app: whose it is; empty: the department's, for all of its apps.
    """

    tenant: str
    app: str
    code: str
    channel: str
    locale: str


@dataclass(frozen=True, slots=True)
class Template:
    """version: 1, 2, …; subject: of an e-mail or an inbox message, may be None for the inbox.

    written_by: who put it; approved_by: None for a version that nobody has approved yet.
    """

    key: TemplateKey
    version: int
    subject: str | None
    body: str
    created_at: datetime
    purpose: str = NOTICE
    written_by: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None

    @property
    def is_approved(self) -> bool:
        return self.approved_by is not None


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str | None
    body: str


def check_template(template: Template) -> Template:
    """Raises TemplateInvalid, LineBreakInHeader or ControlCharacter."""
    if template.key.channel == EMAIL and not template.subject:
        raise TemplateInvalid(Bilingual(
            f"template {template.key.code!r} for e-mail has no subject; it needs one",
            f"电子邮件模板“{template.key.code}”没有标题；必须填写"))
    if template.key.channel == SMS:
        _check_sms(template)
    check_line("subject", template.subject or "")
    check_text("body", template.body)
    for part in _parts(template):
        if _BRACES.search(_PLACEHOLDER.sub("", part)):
            raise TemplateInvalid(Bilingual(
                f"template {template.key.code!r} has '((' or '))' that is no placeholder; allowed are ((name)) and "
                "((name?)) with a name of letters, digits and _, a letter first, up to 40, and ((name??text)) with a "
                "text without brackets, up to 200",
                f"模板“{template.key.code}”中的“((”或“))”不构成占位符；占位符写作 ((名称))、((名称?)) 或 "
                "((名称??默认文字))，名称由文字、数字和下划线组成，以文字开头，不超过 40 个字符，默认文字不含括号、"
                "不超过 200 个字符"))
    return template


def _check_sms(template: Template) -> None:
    if template.subject:
        raise TemplateInvalid(Bilingual(
            f"template {template.key.code!r} for text messages has a subject; it has none",
            f"短信模板“{template.key.code}”有标题；短信没有标题"))
    if "【" in template.body or "】" in template.body:
        raise TemplateInvalid(Bilingual(
            f"template {template.key.code!r} has 【 or 】 in its body; the signature is put before it when it is sent",
            f"短信模板“{template.key.code}”的正文中有“【”或“】”；签名在发送时自动添加"))


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
    """Put the values in: all channels are plain text, and a value's own (( )) is never looked at.

    In a text message 【】 of a value become [], since they mark the sender's signature.

    Raises ValuesMissing, LineBreakInHeader when a value would break the subject's line, ControlCharacter, and
    MessageTooLarge, before anything is put in.
    """
    missing = missing_values(template, values)
    if missing:
        raise ValuesMissing(Bilingual(
            f"template {template.key.code!r} misses values for {', '.join(missing)}; give them all",
            f"模板“{template.key.code}”缺少以下内容：{'、'.join(missing)}；须全部提供"),
            details={"missing": missing},
        )
    return render_present(template, values)


def render_present(template: Template, values: Mapping[str, str]) -> Rendered:
    """The same for a preview: a needed placeholder without a value stays as it stands."""

    if template.key.channel == SMS:
        values = {name: harmless(value) for name, value in values.items()}

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: _value(match, values), text)

    _check_size("subject", template.subject or "", values, len, SUBJECT_CHARACTERS)
    _check_size("body", template.body, values, _bytes, BODY_BYTES)
    subject = None if template.subject is None else check_line("subject", filled(template.subject))
    return Rendered(subject, check_text("body", filled(template.body)))


def parameters(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """The values that a carrier puts into its copy of the text, in the order of the body, defaults included."""
    found: dict[str, str] = {}
    for match in _PLACEHOLDER.finditer(template.body):
        if match[1] not in found:
            found[match[1]] = harmless(_value(match, values))
    return found


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    default = match[3] or "" if match[2] else match[0]
    given = values.get(match[1])
    # An empty value is none where a text is given for that.
    return default if given is None or (given == "" and match[3]) else given


def _check_size(
    part: str, text: str, values: Mapping[str, str], measure: Callable[[str], int], limit: int
) -> None:
    """Raises MessageTooLarge. Adds up sizes: a short template with long values would render to gigabytes."""
    sizes: dict[str, int] = {}
    total = measure(_PLACEHOLDER.sub("", text))
    for match in _PLACEHOLDER.finditer(text):
        if match[0] not in sizes:
            sizes[match[0]] = measure(_value(match, values))
        total += sizes[match[0]]
    if total > limit:
        unit, unit_zh = ("characters", "个字符") if measure is len else ("bytes", "字节")
        raise MessageTooLarge(Bilingual(
            f"{part} has {total} {unit} with its values; at most {limit} are allowed",
            f"{NAMES_ZH[part]}填入内容后为 {total} {unit_zh}；最多 {limit} {unit_zh}"),
            details={"part": part, "size": total, "limit": limit},
        )


def _bytes(text: str) -> int:
    # A lone surrogate is refused by check_text, in its own words.
    return len(text.encode("utf-8", "surrogatepass"))


def _parts(template: Template) -> tuple[str, ...]:
    return (template.subject or "", template.body)
