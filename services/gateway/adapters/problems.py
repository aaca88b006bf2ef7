"""Errors as Problem details.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""
from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

import orjson
from starlette.responses import Response

from services.gateway.domain.errors import ServiceNotRunning
from shared_components.bus.errors import CallerNotAllowed, CallerUnknown, UnknownMethod, UnknownService
from shared_components.kernel.bilingual import is_chinese
from shared_components.kernel.errors import CATEGORIES, AppError, Internal, Unauthenticated

MEDIA_TYPE = "application/problem+json"
# Told in members or headers of their own, or nobody's business outside.
_NOT_DETAILS = frozenset({"fields", "trace_id", "op_id"})
RETRY_AFTER_S = 1
RETRY_AFTER, AUTHENTICATE = "Retry-After", "WWW-Authenticate"


class Refusal(Protocol):
    """Makes the answer for an error."""

    def __call__(self, error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response: ...


def problem(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    """The answer for an error. locale: of title, detail and field messages."""
    shown = outside(error)
    body: dict[str, Any] = {
        "type": f"{base_url}/docs/errors#{shown.code}",
        "title": title(shown, locale),
        "status": shown.http_status,
        "detail": shown.message_in(locale),
        "code": shown.code,
        "category": shown.category,
        "trace_id": trace_id,
    }
    body.update(_facts(shown, locale))
    return Response(
        orjson.dumps(body, default=str), status_code=shown.http_status, media_type=MEDIA_TYPE,
        headers=headers_for(shown))


def outside(error: AppError) -> AppError:
    """An error as an app may see it: what is wrong between the gateway and the bus is not the app's mistake."""
    if isinstance(error, UnknownService | UnknownMethod):
        return ServiceNotRunning(details={"retry_after_s": RETRY_AFTER_S})
    if isinstance(error, CallerUnknown | CallerNotAllowed) or error.category not in CATEGORIES:
        return Internal()
    # A bug's own message may hold anything.
    return Internal() if error.category == "internal" else error


def title(error: AppError, locale: str) -> str:
    """The code's own text where its class is known here, else its category's."""
    return error.texts.get("zh" if is_chinese(locale) else "en") or error.texts["en"]


def _facts(error: AppError, locale: str) -> dict[str, Any]:
    if error.category == "internal":
        return {}
    details = {key: value for key, value in error.details.items() if key not in _NOT_DETAILS}
    found: dict[str, Any] = {"details": details} if details else {}
    if isinstance(error.details.get("fields"), Mapping):
        found["fields"] = error.fields_in(locale)
    return found


def headers_for(error: AppError) -> dict[str, str]:
    """Give an error's headers: Retry-After, WWW-Authenticate, Allow."""
    headers = {}
    wait = error.details.get("retry_after_s")
    if isinstance(wait, int | float) and not isinstance(wait, bool) and math.isfinite(wait):
        headers[RETRY_AFTER] = str(max(1, math.ceil(wait)))
    elif error.http_status in (429, 503):
        headers[RETRY_AFTER] = str(RETRY_AFTER_S)
    if isinstance(error, Unauthenticated):
        headers[AUTHENTICATE] = 'Bearer realm="zhongtai"'
    allow = error.details.get("allow")
    if error.http_status == 405 and isinstance(allow, list):
        headers["Allow"] = ", ".join(map(str, allow))
    return headers
