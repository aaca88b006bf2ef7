"""Whose number a holder's number is."""
from __future__ import annotations

from datetime import date

from shared_components.kernel.numbers import validate_credit_code, validate_resident_id

RESIDENT_ID, CREDIT_CODE = "111", "001"
"""Types of identity number, by the national code list; numbers of other types are taken as they are."""


def checked_holder(id_type: str, id_number: str, *, today: date, lenient: bool) -> str:
    """The number in its one spelling, so that equal holders have equal numbers. Raises NumberError."""
    if id_type == RESIDENT_ID:
        return validate_resident_id(id_number, today=today)
    if id_type == CREDIT_CODE:
        return validate_credit_code(id_number, lenient=lenient)
    return id_number.strip().upper()
