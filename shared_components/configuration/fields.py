"""Field kinds of the configuration: each says what it allows, so that a wrong value can be explained, and what it is
for, which docs/guides/configuration.md tells."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared_components.kernel.broker_nodes import nodes_of

ALLOWED = "allowed"
MEANING = "meaning"
DEVELOPMENT_ONLY = "development_only"
"""In a field's metadata: production refuses to start where it is set (true, not empty), or where this function of its
value says what is for development in it."""


_WITH_HOST = ("amqp", "amqps", "pyamqp", "http", "https")


class Reason(str):
    """The text of a ValidationError that says more than what its field allows."""

    __slots__ = ()


class Section(Schema):
    """One mapping of the configuration file; a key it does not know is a mistake."""

    class Meta:
        unknown = RAISE


class Whole(fields.Integer):
    """A whole number, or a string of digits (what `${ENV}` gives); never a fraction cut short."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid", input=value)
        return int(super()._validated(value))  # type: ignore[no-untyped-call,unused-ignore]


def whole(default: int | None, low: int, high: int, meaning: str) -> fields.Integer:
    return Whole(
        load_default=default, allow_none=default is None, validate=validate.Range(low, high),
        metadata={ALLOWED: f"a whole number from {low} to {high}", MEANING: meaning},
    )


def number(default: float, low: float, high: float, meaning: str) -> fields.Float:
    return fields.Float(
        load_default=default, validate=validate.Range(low, high),
        metadata={ALLOWED: f"a number from {low:g} to {high:g}", MEANING: meaning},
    )


def days(meaning: str) -> fields.List[Any]:
    return fields.List(
        fields.Date(), load_default=list, metadata={ALLOWED: "a list of days, YYYY-MM-DD", MEANING: meaning})


def known_years(meaning: str) -> fields.List[Any]:
    return fields.List(
        Whole(validate=validate.Range(2000, 2999)), load_default=list,
        metadata={ALLOWED: "a list of years", MEANING: meaning})


def choice(default: str, options: Sequence[str], meaning: str) -> fields.String:
    return fields.String(
        load_default=default, validate=validate.OneOf(options),
        metadata={ALLOWED: "one of " + ", ".join(options), MEANING: meaning},
    )


def text(default: str | None, meaning: str, *, allowed: str = "a text", longest: int = 1000) -> fields.String:
    return fields.String(
        load_default=default, allow_none=default is None, validate=validate.Length(1, longest),
        metadata={ALLOWED: allowed, MEANING: meaning},
    )


def switch(default: bool, meaning: str) -> fields.Boolean:
    return fields.Boolean(
        load_default=default, truthy={True, "true"}, falsy={False, "false"},
        metadata={ALLOWED: "true or false", MEANING: meaning},
    )


def waits(default: Iterable[float], meaning: str) -> fields.List[Any]:
    """Growing waits in seconds, one a retry."""
    return fields.List(
        fields.Float(validate=validate.Range(0, 86_400)), load_default=lambda: list(default),
        validate=validate.Length(0, 20),
        metadata={ALLOWED: "up to 20 numbers of seconds from 0 to 86400", MEANING: meaning},
    )


def url(default: str | None, schemes: Iterable[str], meaning: str) -> fields.String:
    known = tuple(schemes)

    def check(value: str) -> None:
        scheme = value.split("://", 1)[0] if "://" in value else ""
        if scheme not in known:
            raise ValidationError("wrong scheme")
        try:
            nodes = [(node.hostname, node.port) for node in map(urlsplit, nodes_of(value))]
        except ValueError as wrong:
            raise ValidationError("wrong port") from wrong
        if scheme in _WITH_HOST and not all(host for host, _ in nodes):
            raise ValidationError(Reason(f"it names no host; {scheme}://host is allowed"))

    return fields.String(
        load_default=default, allow_none=default is None, validate=check,
        metadata={
            ALLOWED: "a URL (port to 65535) that begins with " + ", ".join(f"{scheme}://" for scheme in known),
            MEANING: meaning,
        },
    )


def section(schema: type[Schema]) -> fields.Nested:
    """A nested section that is complete with defaults when the file leaves it out."""

    def defaults() -> Mapping[str, Any]:
        loaded: Mapping[str, Any] = schema().load({})
        return loaded

    return fields.Nested(schema, load_default=defaults, metadata={ALLOWED: "a mapping"})


def refuse_development_only(schema: Schema, loaded: Mapping[str, Any]) -> None:
    """Raises ValidationError for what is set though only development allows it."""
    wrong = _development_only(schema, loaded)
    if wrong:
        raise ValidationError(wrong)


def _development_only(schema: Schema, loaded: Mapping[str, Any]) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    for name, field in schema.fields.items():
        value = loaded.get(name)
        refuse = field.metadata.get(DEVELOPMENT_ONLY)
        found = refuse(value) if callable(refuse) else "" if refuse and value else None
        if found is not None:
            wrong[name] = [Reason(f"{found}allowed in development only, and environment is 'production'")]
        elif isinstance(field, fields.Nested) and isinstance(value, Mapping):
            wrong.update({name: inner} if (inner := _development_only(field.schema, value)) else {})
    return wrong
