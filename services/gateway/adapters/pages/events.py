"""`/docs/events`: every event with its fields. Made from what AsyncAPI is made from."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from services.gateway.adapters.asyncapi import event_summary
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.pages.documentation import DEEPEST, FieldView, field_views
from services.gateway.adapters.texts import in_language
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import EventContract, ServiceContract
from shared_components.kernel.languages import Language
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages


@dataclass(frozen=True, slots=True)
class EventView:
    """One event as the page shows it, in one language. example: of its data, as JSON."""

    id: str
    version: int
    summary: str
    fields: Sequence[FieldView]
    example: str | None


def events(pages: Pages, operations: Operations, presentation: Presentation) -> str:
    views = [_event(contract, event, presentation.language)
             for contract in operations.contracts for event in contract.events]
    return pages.render("events.html", presentation, path="/docs/events", events=views)


def _event(contract: ServiceContract, event: EventContract, language: Language) -> EventView:
    schema = in_language(json_schema(event.data, "output"), language)
    example = contract.examples.events.get(event.type)
    return EventView(
        f"{contract.service}.{event.type}", event.version, event_summary(event, language),
        list(field_views(schema, "", DEEPEST, language)),
        None if example is None else orjson.dumps(example, option=orjson.OPT_INDENT_2).decode())
