"""Rules over several fields of a message, which marshmallow keeps and JSON Schema says.

A field that is null counts as not given.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared_components.kernel.bilingual import Bilingual

Errors = dict[str, list[str]]


class Rule(Protocol):
    """One rule of a message."""

    def errors(self, data: Mapping[str, Any]) -> Errors:
        """Give the mistakes of each field; empty when the rule is kept."""
        ...

    def json_schema(self) -> dict[str, Any]:
        """The same rule as JSON Schema 2020-12."""
        ...


@dataclass(frozen=True)
class ExactlyOne:
    """Exactly one of these fields is given."""

    names: tuple[str, ...]

    def errors(self, data: Mapping[str, Any]) -> Errors:
        if len(_given(data, self.names)) == 1:
            return {}
        return {name: [Bilingual(
            f"Exactly one of {' and '.join(self.names)} is allowed.",
            f"{'、'.join(self.names)} 须且只能填一项。")] for name in self.names}

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [_present(name) for name in self.names]}


@dataclass(frozen=True)
class AtLeastOne:
    """At least one of these fields is given."""

    names: tuple[str, ...]

    def errors(self, data: Mapping[str, Any]) -> Errors:
        if _given(data, self.names):
            return {}
        return {name: [Bilingual(
            f"At least one of {' and '.join(self.names)} is required.",
            f"{'、'.join(self.names)} 至少填一项。")] for name in self.names}

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [_present(name) for name in self.names]}


@dataclass(frozen=True)
class NeededWhen:
    """While `field` has `value`, the field `needs` is given."""

    field: str
    value: Any
    needs: str

    def errors(self, data: Mapping[str, Any]) -> Errors:
        if data.get(self.field) != self.value or data.get(self.needs) is not None:
            return {}
        return {self.needs: [Bilingual(
            f"Required while {self.field} is '{self.value}'.",
            f"{self.field} 为“{self.value}”时必填。")]}

    def json_schema(self) -> dict[str, Any]:
        asked = {"required": [self.field], "properties": {self.field: {"const": self.value}}}
        return {"if": asked, "then": _present(self.needs)}


def _given(data: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if data.get(name) is not None]


def _present(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
