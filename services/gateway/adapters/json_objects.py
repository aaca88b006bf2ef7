"""Reads JSON that can mean one thing only: an object in UTF-8, no name twice (RFC 7493), no nesting without end."""
from __future__ import annotations

import json
from typing import Any

import orjson

from services.gateway.domain.errors import BodyMalformed

# Nothing in a contract comes near it, and whatever handles the content further on may recurse.
DEEPEST = 64
LONGEST_NAME_SHOWN = 64


def json_object(body: bytes) -> dict[str, Any]:
    """Raises BodyMalformed."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as wrong:
        # Only where it is: the parser's own message may quote the body.
        raise BodyMalformed(
            f"request body is not JSON in UTF-8 (line {wrong.lineno}, column {wrong.colno}); "
            "a JSON object is allowed") from None
    if not isinstance(content, dict):
        raise BodyMalformed("request body is JSON and no object; a JSON object is allowed")
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(content):
        raise BodyMalformed(f"request body is nested too deeply; {DEEPEST} levels are allowed")
    # Once more, by a parser that shows every pair: of two values under one name ours would take the last.
    _PAIRS.decode(body.decode())
    return content


def _is_deep(content: Any) -> bool:
    """Level by level: recursion is what is to be prevented."""
    level = [content]
    for _ in range(DEEPEST):
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _once_each(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            shown = name[:LONGEST_NAME_SHOWN]
            raise BodyMalformed(
                f"request body has the name '{shown}' twice in one object; once is allowed",
                details={"fields": {shown: ["given twice"]}})
        seen.add(name)


def _unread(_number: str) -> None:
    return None


# Made once: json.loads would make one for every body.
_PAIRS = json.JSONDecoder(object_pairs_hook=_once_each, parse_int=_unread, parse_float=_unread)
