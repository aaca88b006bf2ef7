"""A matter's form is a JSON Schema of one flat object: it becomes fields of a page, and the answers become values."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """kind: `text`, `choice` or `yes`. value: what the person gave before. problem: what is wrong with it.

    choices: the values, each with what the person reads.
    """

    name: str
    title: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    longest: int | None = None
    value: str = ""
    problem: str = ""


def fields(
    schema: Mapping[str, Any], language: str, given: Mapping[str, str] | None = None,
    problems: Mapping[str, Any] | None = None,
) -> list[Field]:
    given, problems = given or {}, problems or {}
    required = set(schema.get("required", ()))
    return [
        Field(
            name, each.get("title", {}).get(language, name), _kind(each), name in required,
            _choices(each, language), each.get("maxLength"), given.get(name, ""),
            _sentence(problems.get(name)))
        for name, each in schema.get("properties", {}).items()]


def values(schema: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """What the person filled in; a field that was left empty is left out."""
    found: dict[str, Any] = {}
    for name, each in schema.get("properties", {}).items():
        text = given.get(name, "").strip()
        if _kind(each) == "yes":
            found[name] = bool(text)
        elif text:
            found[name] = int(text) if each.get("type") == "integer" and text.lstrip("-").isdigit() else text
    return found


def _choices(schema: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    titles = schema.get("x-titles", {})
    return tuple((str(value), titles.get(str(value), {}).get(language, str(value))) for value in schema.get("enum", ()))


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "choice"
    return "yes" if schema.get("type") == "boolean" else "text"


def _sentence(problem: Any) -> str:
    if isinstance(problem, list):
        return " ".join(map(_sentence, problem))
    if isinstance(problem, dict):
        return " ".join(map(_sentence, problem.values()))
    return "" if problem is None else str(problem)
