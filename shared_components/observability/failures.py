"""Log what went wrong with one item of many, while the others go on."""
from __future__ import annotations

import logging

from shared_components.kernel.errors import AppError


def log_failure(log: logging.Logger, event: str, error: Exception, **facts: object) -> None:
    """With the error's code; where it stood only for what is a bug: a refusal says enough."""
    if isinstance(error, AppError):
        log.error(event, extra={**facts, "code": error.code})
    else:
        log.error(event, exc_info=error, extra={**facts, "code": AppError.code, "error": type(error).__name__})
