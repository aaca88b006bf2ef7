"""Things of other components that a definition names; they are looked up before it is published."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.matter.domain.problems import Path

TEMPLATE, FEE_ITEM, PAY_CHANNEL, LICENCE_TYPE, SOURCE = (
    "template", "fee item", "payment channel", "licence type", "callback source")


@dataclass(frozen=True, slots=True)
class Reference:
    """channel: of a template, which exists for each channel by itself."""

    kind: str
    name: str
    path: Path
    channel: str = ""


def references(data: Mapping[str, Any]) -> Iterator[Reference]:
    """data: has passed the schema and the checks."""
    for index, step in enumerate(data["steps"]):
        yield from _of_step(step.get("with", {}), step["kind"], ("steps", index, "with"))
    for index, notice in enumerate(data.get("notifications", ())):
        yield from _templates(notice, ("notifications", index))


def _of_step(settings: Mapping[str, Any], kind: str, path: Path) -> Iterator[Reference]:
    if kind == "check" and "licence" in settings:
        yield Reference(LICENCE_TYPE, settings["licence"]["type_code"], (*path, "licence", "type_code"))
    elif kind == "issue_licence":
        yield Reference(LICENCE_TYPE, settings["type_code"], (*path, "type_code"))
    elif kind == "callback":
        yield Reference(SOURCE, settings["source"], (*path, "source"))
    elif kind == "notify":
        yield from _templates(settings, path)
    elif kind == "pay":
        yield from _of_payment(settings, path)


def _of_payment(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    if "channel" in settings:
        yield Reference(PAY_CHANNEL, settings["channel"], (*path, "channel"))
    for position, channel in enumerate(settings.get("channels", ())):
        yield Reference(PAY_CHANNEL, channel, (*path, "channels", position))
    for position, line in enumerate(settings["lines"]):
        yield Reference(FEE_ITEM, line["item_code"], (*path, "lines", position, "item_code"))


def _templates(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    for channel in settings["channels"]:
        yield Reference(TEMPLATE, settings["template"], (*path, "template"), channel)
