"""References to templates of notices."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.problems import Path
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind
from services.matter.kinds.notify.ports import Templates
from shared_components.kernel.bilingual import Bilingual

PLACEHOLDERS = ("name", "matter", "department", "case_id", "reason")
"""Filled in every notice; facts of kinds come beside them."""


def template_references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    """settings: of a step or a notification: a template and its channels."""
    for channel in settings["channels"]:
        yield Reference(TEMPLATE, settings["template"], (*path, "template"), channel)


def _find(lookup: Lookup, reference: Reference) -> Bilingual | None:
    templates: Templates = lookup.components.notifications
    unfilled = templates.unfilled(reference.name, reference.channel, dict.fromkeys(lookup.placeholders, "x"))
    name = f"template {reference.name!r} for channel {reference.channel!r}"
    zh = f"渠道 {reference.channel} 的模板“{reference.name}”"
    if unfilled is None:
        return Bilingual(f"{name} is unknown", f"{zh}不存在")
    if not unfilled:
        return None
    return Bilingual(
        f"{name} needs {', '.join(unfilled)}, which no notice fills",
        f"{zh}需要{'、'.join(unfilled)}，通知不提供这些内容")


TEMPLATE = ReferenceKind(
    Bilingual("template", "消息模板"), Bilingual(
        "one of notification.list_templates, for this channel, with placeholders of {placeholders}",
        "notification.list_templates 列出的该渠道模板，可用占位符：{placeholders}"), _find)
