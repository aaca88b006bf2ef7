"""Assurance levels as `acr` values.

Source: OpenID Connect Core sections 2 and 3.1.2.1, RFC 9470
"""
from __future__ import annotations

import re
from collections.abc import Collection

PREFIX = "urn:zhongtai:level:"
_VALUE = re.compile(re.escape(PREFIX) + r"([1-9][0-9]?)")


def acr_of(level: int) -> str:
    return f"{PREFIX}{level}"


def least_level(acr_values: str, known: Collection[int]) -> int | None:
    """The lowest level that the client would take; None when it names no known one.

    A higher level covers a lower one, so of several values the lowest decides.
    """
    found = (_VALUE.fullmatch(value) for value in acr_values.split())
    levels = [int(match[1]) for match in found if match is not None]
    return min((level for level in levels if level in known), default=None)
