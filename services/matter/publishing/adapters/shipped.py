"""The files that matter ships with: definitions, templates, and what other components need for them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.adapters.yaml_lines import LinedYaml

CHANNELS = ("email", "inbox")


def shipped_text(name: str) -> str:
    """A file of services/matter/definitions."""
    return (resources.files("services.matter") / "definitions" / name).read_text(encoding="utf-8")


@cache
def shipped_definitions() -> Sequence[Mapping[str, Any]]:
    return [read_definition(shipped_text("driving-licence-renewal.yaml"))]


@cache
def shipped_templates() -> Sequence[Mapping[str, Any]]:
    """One for each template, channel and language, as notification.put_template takes them."""
    found = []
    for template in LinedYaml(shipped_text("templates.yaml")).data["templates"]:
        for locale, texts in template["texts"].items():
            for channel in CHANNELS:
                found.append({
                    "template_code": template["template_code"], "channel": channel, "locale": locale,
                    "subject": texts["subject"], "body": texts["body"].strip(),
                })
    return found


def seed() -> Mapping[str, Any]:
    """Fee items, receipt numbers, licence types and examples for matter D (definitions/seed.yaml)."""
    data: Mapping[str, Any] = LinedYaml(shipped_text("seed.yaml")).data
    return data
