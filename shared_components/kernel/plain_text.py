"""Characters that texts for people may not hold, by one definition of "line break" for all of the platform.

Python, Unicode, mail and terminals disagree on what ends a line; here everything ends one that ends one anywhere.
"""
from __future__ import annotations

import re

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE_BREAK = re.compile(f"[{LINE_BREAKS}]")
# Control characters other than tab, line feed and carriage return, and halves of surrogate pairs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


_BEYOND_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def has_line_break(text: str) -> bool:
    return _LINE_BREAK.search(text) is not None


def first_control_character(text: str) -> str | None:
    """`U+001C`: the first character that no text may hold, or None."""
    found = _CONTROL.search(text)
    return None if found is None else code_point(found[0])


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def printable(text: str) -> str:
    """The text as one line for terminals and tables: what would move the cursor or reorder the line is spelled out."""
    return _UNPRINTABLE.sub(lambda match: "\\u{" + f"{ord(match[0]):x}" + "}", text)


def printable_json(written: str) -> str:
    """JSON for a terminal: it escapes only the first 32 control characters, and a terminal obeys others too."""
    return _BEYOND_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
