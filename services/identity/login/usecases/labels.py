"""Values as pages show them."""
from __future__ import annotations

from datetime import datetime

from services.identity.subjects.domain.documents import CHINA


def moment(at: datetime) -> str:
    """Date and time in China, to the minute."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
