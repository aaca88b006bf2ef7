"""`${NAME:default}` in a configuration file.

It is done on the parsed values, never on the file's text: a value from the environment can add no key.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_PLACE = re.compile(r"\$(?:(\$)|\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\})")

Missing = Callable[[str, str], Exception]


def substitute(value: Any, environ: Mapping[str, str], missing: Missing, path: str = "") -> Any:
    """Replace every place in every string below `value`.

    A key whose whole value is one place that comes out empty is left out, so that its default holds; so is such an
    entry of a list.
    `$$` is a dollar sign. missing(path, name) makes the error for a name with neither value nor default.
    """
    if isinstance(value, Mapping):
        replaced = {
            key: substitute(inner, environ, missing, f"{path}.{key}" if path else str(key))
            for key, inner in value.items()
        }
        return {key: inner for key, inner in replaced.items() if not (inner == "" and value[key] != "")}
    if isinstance(value, list):
        entries = [substitute(inner, environ, missing, f"{path}.{index}") for index, inner in enumerate(value)]
        return [entry for entry, inner in zip(entries, value, strict=True) if entry != "" or inner == ""]
    if not isinstance(value, str) or "$" not in value:
        return value

    def place(match: re.Match[str]) -> str:
        dollar, name, default = match.groups()
        if dollar:
            return "$"
        found = environ.get(name, default)
        if found is None:
            raise missing(path, name)
        return found

    return _PLACE.sub(place, value)
