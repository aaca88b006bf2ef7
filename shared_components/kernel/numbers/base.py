"""Base of all number rules."""
from __future__ import annotations

import re
from typing import Any

from shared_components.kernel.errors import InvalidInput


class NumberError(InvalidInput):
    """A number that cannot be right. details: number (which kind), reason (a constant)."""

    code = "kernel.invalid-number"
    texts = {"en": "The number is not valid.", "zh": "号码不符合要求。"}

    def __init__(
        self, message: str | None = None, *, number: str = "", reason: str = "", details: dict[str, Any] | None = None
    ) -> None:
        facts = {"number": number, "reason": reason} if number else {}
        super().__init__(message, details={**facts, **(details or {})})
        self.reason: str = str(self.details.get("reason", ""))


def require_form(value: object, pattern: re.Pattern[str], *, number: str, allowed: str) -> str:
    """The value, if it is text of that form. The patterns are ASCII only: a full-width 1 is not a 1."""
    if not isinstance(value, str):
        raise NumberError(
            f"{number} is a {type(value).__name__}; only text is allowed", number=number, reason="not-text"
        )
    if not pattern.fullmatch(value):
        raise NumberError(
            f"{number} of {len(value)} characters has the wrong form; only {allowed} is allowed",
            number=number,
            reason="form",
        )
    return value


def require_check(ok: bool, *, number: str) -> None:
    if not ok:
        raise NumberError(
            f"{number} has a check character that does not fit; only the computed one is allowed",
            number=number,
            reason="check",
        )
