"""JSON Schema's integers: one rule for contracts, forms and callbacks."""
from __future__ import annotations

EXACT_AS_FLOAT = 2**53


def as_integer(value: object) -> int | None:
    """Give the integer that a JSON number is, or None. 2.0 is the integer 2; true, "2" and 2.5 are none.

    A float above 2^53 may stand for several integers and is refused.
    Source: JSON Schema 2020-12, validation, 6.1.1
    """
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer() and abs(value) <= EXACT_AS_FLOAT:
        return int(value)
    return None
