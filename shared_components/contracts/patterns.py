"""Python's regular expressions in the dialect of JSON Schema (ECMA-262)."""
from __future__ import annotations


def json_pattern(pattern: str) -> str:
    r"""The same pattern for a reader of JSON Schema.

    marshmallow anchors a pattern at the start and JSON Schema does not; `\Z` and `\A` are Python's alone.
    What is in the dialect already stays as it is.
    """
    written = pattern.replace(r"\Z", "$").replace(r"\A", "^").replace("(?P<", "(?<")
    return written if _anchored(written) else f"^(?:{written})"


def _anchored(pattern: str) -> bool:
    """Whether every alternative begins at the start: it has `^`, and no `|` outside of brackets."""
    depth, in_class, escaped = 0, False, False
    for sign in pattern:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            return False
    return pattern.startswith("^")
