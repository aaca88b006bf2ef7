"""The base of every schema that crosses the bus."""
from __future__ import annotations

from collections.abc import Iterator

from marshmallow import RAISE, Schema, fields

PUBLIC, PERSONAL, SENSITIVE = "public", "personal", "sensitive"


def text(en: str, zh: str, **more: object) -> dict[str, object]:
    """The metadata of a field that is described in both languages: `fields.String(metadata=text("…", "…"))`.

    more: other metadata of the field, for example data_class.
    """
    return {"en": en, "zh": zh, **more}


class Message(Schema):
    """A request, a reply or an event's data: unknown fields are refused, declaration order is kept.

    A field that holds personal data says so: `fields.String(metadata={"data_class": "personal"})`
    (`sensitive` for identity numbers, secrets, contact addresses); logs redact it by that class.
    One that holds a file, in base64, says of what kind: `metadata={"media_type": "application/pdf"}`.
    """

    class Meta:
        unknown = RAISE


def field_classes(schema: Schema) -> Iterator[tuple[str, str]]:
    """Every (field name, data class) in a schema, nested ones included."""
    for name, field in schema.fields.items():
        yield name, field.metadata.get("data_class", PUBLIC)
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from field_classes(inner.schema)
