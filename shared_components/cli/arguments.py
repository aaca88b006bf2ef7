"""Checks of the words of a command line."""
from __future__ import annotations


def is_text(argument: str) -> bool:
    """Bytes of the command line that are no UTF-8 come as surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in argument)
