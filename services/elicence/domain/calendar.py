"""Days as licences count them: in China's time, whatever the server's."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def local_day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
