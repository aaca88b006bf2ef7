"""Regular expressions that come from data, such as a form's rule: RE2, whose matching never backtracks.

Python's own `re` takes exponential time for some patterns on some texts, and blocks the process. With RE2 the time
grows with the pattern's size times the text's length, and no faster; `Pattern.steps` tells that product.
Source: https://github.com/google/re2/wiki/Syntax
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN_LENGTH = 500
MAX_MEMORY_BYTES = 1 << 20
"""Of a compiled pattern; a repetition of repetitions that needs more is refused."""
ALLOWED = (
    "a regular expression as RE2 reads it (https://github.com/google/re2/wiki/Syntax): no look-ahead or look-behind, "
    "no back-reference, no repetition above 1000"
)


class PatternInvalid(ValueError):
    """RE2 cannot compile the pattern; `ALLOWED` says what it takes."""


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        self._compiled = _compile(text)

    def search(self, text: str) -> bool:
        """Whether it matches anywhere, as JSON Schema means it. Text that is not Unicode never matches."""
        return self._tried("search", text)

    def fullmatch(self, text: str) -> bool:
        """Whether it matches the whole text."""
        return self._tried("fullmatch", text)

    def steps(self, length: int) -> int:
        """The most work that a text of so many characters can take: about 70 million steps take a second."""
        return int(self._compiled.programsize) * length

    def _tried(self, way: str, text: str) -> bool:
        try:
            return getattr(self._compiled, way)(text) is not None
        except UnicodeEncodeError:
            # A lone surrogate; RE2 matches UTF-8.
            return False


@lru_cache(maxsize=1000)
def pattern_of(text: str) -> Pattern:
    """Raises PatternInvalid."""
    return Pattern(text)


def _compile(text: str) -> Any:
    if len(text) > MAX_PATTERN_LENGTH:
        raise PatternInvalid(f"pattern has {len(text)} characters; at most {MAX_PATTERN_LENGTH} are allowed")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY_BYTES
    try:
        return re2.compile(text, options=options)
    except re2.error as wrong:
        # google-re2 1.1.20251105 gives the reason as bytes.
        reason = wrong.args[0] if wrong.args else ""
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise PatternInvalid(f"pattern is not allowed: {said}") from None
    except UnicodeEncodeError:
        raise PatternInvalid("pattern is not Unicode text") from None
