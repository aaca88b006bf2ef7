"""Log what went wrong with one item of many, while the others go on."""
from __future__ import annotations

import logging
from datetime import datetime

from services.payment.domain.backoff import NEVER
from shared_components.kernel.errors import AppError


def log_failure(log: logging.Logger, event: str, error: Exception, **facts: object) -> None:
    """With the error's code; where it stood only for what is a bug: a refusal says enough."""
    if isinstance(error, AppError):
        log.error(event, extra={**facts, "code": error.code})
    else:
        log.error(event, exc_info=error, extra={**facts, "code": AppError.code, "error": type(error).__name__})


def log_given_up(log: logging.Logger, again: datetime, event: str, **facts: object) -> None:
    """Log an error when there is no further attempt: only people, a callback or a statement settle the item now."""
    if again == NEVER:
        log.error(event, extra=facts)
