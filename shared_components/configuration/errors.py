"""Errors of a wrong configuration: the key, its value (secrets masked), and what is allowed."""
from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from marshmallow import Schema
from marshmallow.fields import List, Nested

from shared_components.configuration.fields import ALLOWED, Reason
from shared_components.configuration.schema import section_of
from shared_components.kernel.errors import InvalidInput

_SECRET_KEY = re.compile(r"password|passwd|secret|token|credential|(^|_)keys?($|_(?!file))", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):([^/\s]*)@")
_LONGEST = 120
# What marshmallow says where a mapping or a list is wanted and something else is given.
_WRONG_KIND = ("Invalid input type.", "Invalid type.", "Not a valid mapping type.", "Not a valid list.")
_KINDS = ((str, "a text"), (Mapping, "a mapping"), (list, "a list"), (bool, "true or false"), (int | float, "a number"))


class ConfigurationError(InvalidInput):
    """The process can't start with this configuration. details.key: the first wrong key."""

    code = "configuration-invalid"
    texts = {"en": "The configuration is not valid.", "zh": "配置无效。"}


def explain(
    messages: Any,
    given: Any,
    *,
    prefix: tuple[str, ...] = (),
    schema: Schema | None = None,
    names: Collection[str] | None = None,
) -> ConfigurationError:
    """Turn marshmallow's messages into one error; they are nested like the data.

    prefix: where `given` stands in the whole file. schema: a service's own, for its field names.
    names: the names allowed at the place of an unknown one, when no schema tells.
    """
    found = [
        (".".join((*prefix, *path)), _sentence((*prefix, *path), path, text, given, schema, names))
        for path, text in _leaves(messages)
    ]
    return ConfigurationError(
        "; ".join(sentence for _, sentence in found),
        details={"key": found[0][0], "fields": {key: [sentence] for key, sentence in found}},
    )


def mask(key: str, value: Any) -> str:
    """A value as it may be shown: no secret, no password of a URL, no endless text."""
    if _SECRET_KEY.search(key) and not isinstance(value, Mapping | list):
        return "***"
    if isinstance(value, Mapping | list):
        return _kind(value)
    shown = _URL_PASSWORD.sub(r"\1:***@", str(value)) if isinstance(value, str) else repr(value)
    shown = shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
    return f"'{shown}'" if isinstance(value, str) else shown


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "nothing" if value is None else "a value")


def _sentence(
    full: tuple[str, ...], path: tuple[str, ...], text: str, given: Any,
    schema: Schema | None, names: Collection[str] | None,
) -> str:
    dotted, key = ".".join(full), full[-1]
    if text == "Unknown field.":
        fields = _fields(schema, path[:-1]) if schema is not None else section_of(full[:-1])
        known = names or (list(fields) if fields else ())
        # Every key of `bus` may stand in a service's section too, which the service's own schema does not know.
        of_a_service = schema is not None and len(full) == 3 and full[0] == "services"
        return _unknown(dotted, key, [*known, "bus"] if of_a_service else known)
    if text.startswith("Missing data"):
        return f"configuration key '{dotted}' is missing" + _allowed(full, path, schema, "")
    named, value = next(part for part in reversed(full) if not part.isdigit()), _at(given, path)
    # In the place of a whole section the secret of one of its keys may stand, and the section's name does not tell.
    shown = _kind(value) if text in _WRONG_KIND else mask(named, value)
    return f"configuration key '{dotted}' is {shown}" + _allowed(full, path, schema, text)


def _unknown(dotted: str, key: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    listed = f"; allowed: {', '.join(sorted(names))}" if names else ""
    return f"configuration key '{dotted}' is not known{hint}{listed}"


def _allowed(full: tuple[str, ...], path: tuple[str, ...], schema: Schema | None, text: str) -> str:
    """Give what the field at a path allows; for an element of a list or mapping, what the field around it allows."""
    if isinstance(text, Reason):
        return f"; {text}"
    names = full if schema is None else path
    for end in range(len(names), max(len(names) - 2, 0), -1):
        fields = section_of(names[:end - 1]) if schema is None else _fields(schema, names[:end - 1])
        field = fields.get(names[end - 1]) if fields else None
        if field is not None and ALLOWED in field.metadata:
            return f"; allowed: {field.metadata[ALLOWED]}"
    return f"; {text[0].lower()}{text[1:].rstrip('.')}" if text else ""


def _fields(schema: Schema, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    """The fields of the schema nested at a path, also in a list's elements, or None."""
    for key in path:
        if key.isdigit():
            continue
        field = schema.fields.get(key)
        field = field.inner if isinstance(field, List) else field
        if not isinstance(field, Nested):
            return None
        schema = field.schema
    return schema.fields


def _leaves(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            # A Dict field nests its messages under "key" and "value", a whole-schema one under "_schema".
            step = () if key in ("_schema", "value", "key") and path else (str(key),)
            yield from _leaves(inner, path + step)
    elif messages:
        text = messages[0] if isinstance(messages, list) else messages
        yield path, text if isinstance(text, str) else str(text)


def _at(given: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if isinstance(given, Mapping) and key in given:
            given = given[key]
        elif isinstance(given, list) and key.isdigit() and int(key) < len(given):
            given = given[int(key)]
        else:
            return given
    return given
