"""The two languages of all texts, and the choice between them."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOCALES: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}

_PART = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,30})?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")


def preferred_language(accept_language: str | None) -> Language:
    """The preferred one of the two languages; Chinese when the header names neither.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
    """
    best: Language = "zh"
    best_weight = 0.0
    for part in (accept_language or "")[:500].split(","):
        match = _PART.fullmatch(part)
        if match is None:
            continue
        name, weight = match[1].lower(), float(match[2] or 1)
        if name in LANGUAGES and weight > best_weight:
            best, best_weight = ("zh" if name == "zh" else "en"), weight
    return best
