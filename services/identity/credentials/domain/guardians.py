"""Children under 14, whose accounts need a guardian's consent (Personal Information Protection Law, article 31)."""
from __future__ import annotations

from datetime import date

from services.identity.subjects.domain.documents import RESIDENT_ID
from shared_components.kernel.numbers import birth_date

CHILD_YEARS = 14


def is_child(id_type: str, id_number: str, *, today: date) -> bool:
    """Tell whether the person is under 14. Only resident identity numbers have a birth date: others are not judged."""
    if id_type != RESIDENT_ID:
        return False
    born = birth_date(id_number)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < CHILD_YEARS
