"""References to templates of notices."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.problems import Path
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind
from services.matter.kinds.notify.ports import Templates

PLACEHOLDERS = ("name", "matter", "department", "case_id", "reason")
"""Filled in every notice; facts of kinds come beside them."""


def template_references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    """settings: of a step or a notification: a template and its channels."""
    for channel in settings["channels"]:
        yield Reference(TEMPLATE, settings["template"], (*path, "template"), channel)


def _find(lookup: Lookup, reference: Reference) -> str | None:
    templates: Templates = lookup.components.notifications
    unfilled = templates.unfilled(reference.name, reference.channel, dict.fromkeys(lookup.placeholders, "x"))
    name = f"template {reference.name!r} for channel {reference.channel!r}"
    if unfilled is None:
        return f"{name} is unknown"
    return f"{name} needs {', '.join(unfilled)}, which no notice fills" if unfilled else None


TEMPLATE = ReferenceKind(
    "template", "one of notification.list_templates, for this channel, with placeholders of {placeholders}", _find)
