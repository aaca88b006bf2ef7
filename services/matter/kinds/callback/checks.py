"""Mistakes in the settings of a callback, its form, and the source that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep, check_condition
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless


def check(step: DeclaredStep) -> Iterator[Problem]:
    """pass_when reads fields of the result."""
    settings = step.settings
    if "pass_when" in settings:
        fields = settings["result"]["properties"]
        yield from check_condition(step.path("pass_when"), settings["pass_when"], "result", fields)


def forms(settings: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield ("result",), settings["result"]


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    yield Reference(SOURCE, settings["source"], (*path, "source"))


def _find(lookup: Lookup, reference: Reference) -> str | None:
    return unknown_unless(reference.name in lookup.sources, reference)


SOURCE = ReferenceKind(
    "callback source", "the source of a key in services.matter.callback_keys for this tenant", _find)
