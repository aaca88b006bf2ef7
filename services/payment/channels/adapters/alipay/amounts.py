"""元 on the wire, 分 here, and never a binary fraction between."""
from __future__ import annotations

import re

_YUAN = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?")


def minor(text: object) -> int | None:
    """"10.05", "10.5" or "10" → 分; None for whatever is not an amount of at most two decimals."""
    match = _YUAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    whole, rest = match.groups()
    return int(whole) * 100 + int((rest or "").ljust(2, "0"))
