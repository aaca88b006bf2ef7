"""Errors in the shape of the Notify API, as its client libraries read them.

Source: https://docs.notifications.service.gov.uk/rest-api.html
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from starlette.responses import Response

from services.gateway.adapters.problems import headers_for, outside
from services.gateway.domain.errors import NotifyRequestRefused
from shared_components.kernel.errors import AppError

BAD_REQUEST, VALIDATION, NOT_FOUND, AUTH = "BadRequestError", "ValidationError", "NoResultFound", "AuthError"
RATE_LIMIT, EXCEPTION = "RateLimitError", "Exception"
JSON = "application/json"


class Said(NamedTuple):
    """status: of HTTP. error: a name of Notify's. message: None takes the error's own."""

    status: int
    error: str
    message: str | None = None


_TOKEN_REASONS = {
    "form": "Invalid token: make sure your API token matches the example at "
            "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header",
    "algorithm": "Invalid token: algorithm used is not HS256",
    "issuer": "Invalid token: service id is not the right data type",
    "time": "Error: Your system clock must be accurate to within 30 seconds",
    "signature": "Invalid token: API key not found",
    "revoked": "Invalid token: API key revoked",
}
_SAID = {
    "notification.notify-token-missing": Said(401, AUTH, "Unauthorized: authentication token must be provided"),
    "notification.address-invalid": Said(400, VALIDATION),
    "notification.recipient-not-of-team": Said(
        400, BAD_REQUEST, "Can’t send to this recipient using a team-only API key"),
    "notification.message-unknown": Said(404, NOT_FOUND, "No result found"),
    "bus.invalid-arguments": Said(400, VALIDATION),
}
_BY_CATEGORY = {
    "invalid-input": Said(400, BAD_REQUEST), "conflict": Said(400, BAD_REQUEST),
    "not-found": Said(404, NOT_FOUND, "No result found"), "unauthenticated": Said(403, AUTH),
    "forbidden": Said(403, AUTH), "too-many-requests": Said(429, RATE_LIMIT),
    "unavailable": Said(503, EXCEPTION, "Service unavailable; try again later"),
    "outcome-unknown": Said(503, EXCEPTION, "The outcome is not known; ask for the notification by its reference"),
}
_INTERNAL = Said(500, EXCEPTION, "Internal server error")


def notify_refusal(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    """An error in the shape of the Notify API. locale: of messages that are ours."""
    shown = outside(error)
    status, errors = _told(shown, locale)
    body = {"status_code": status, "errors": errors}
    headers = {**headers_for(shown), "X-Request-Id": trace_id}
    return Response(orjson.dumps(body), status, headers, media_type=JSON)


def template_not_found() -> NotifyRequestRefused:
    """The refusal of a message whose template does not exist."""
    return refused(BAD_REQUEST, "Template not found")


def refused(error: str, message: str) -> NotifyRequestRefused:
    """A refusal of the request itself, in Notify's words."""
    return NotifyRequestRefused(details={"error": error, "message": message})


def _told(error: AppError, locale: str) -> tuple[int, list[dict[str, str]]]:
    if isinstance(error, NotifyRequestRefused):
        return 400, [{"error": error.details["error"], "message": error.details["message"]}]
    if error.code == "notification.notify-token-refused":
        reason = _TOKEN_REASONS.get(error.details.get("reason", ""), _TOKEN_REASONS["form"])
        return 403, [{"error": AUTH, "message": reason}]
    if error.code == "notification.values-missing":
        return 400, [_one(BAD_REQUEST, f"Missing personalisation: {', '.join(error.details['missing'])}")]
    if error.code == "notification.template-unsuitable":
        return 400, [_one(BAD_REQUEST, f"{error.details['channel']} template is not suitable for this notification")]
    said = _SAID.get(error.code) or _BY_CATEGORY.get(error.category, _INTERNAL)
    fields = error.fields_in(locale)
    if isinstance(fields, Mapping) and fields:
        return said.status, [_one(said.error, message) for message in _of_fields(fields)]
    return said.status, [_one(said.error, said.message or error.message_in(locale))]


def _one(error: str, message: str) -> dict[str, str]:
    return {"error": error, "message": message}


def _of_fields(fields: Mapping[Any, Any], path: Sequence[str] = ()) -> list[str]:
    """One line for each field error: `reference: too long`."""
    found = []
    for name, said in fields.items():
        here = [*path, str(name)]
        if isinstance(said, Mapping):
            found += _of_fields(said, here)
        else:
            found += [f"{'.'.join(here)}: {one}" for one in (said if isinstance(said, list) else [said])]
    return found
