"""Log what went wrong with one item of many, while the others go on."""
from __future__ import annotations

import logging
from datetime import datetime

from services.payment.orders.domain.backoff import NEVER


def log_given_up(log: logging.Logger, again: datetime, event: str, **facts: object) -> None:
    """Log an error when there is no further attempt: only people, a callback or a statement settle the item now."""
    if again == NEVER:
        log.error(event, extra=facts)
