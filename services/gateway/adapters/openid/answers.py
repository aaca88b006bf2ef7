"""Answers of the endpoints of OAuth: as identity gave them, and refusals of the gateway in the same words.

Source: RFC 6749 sections 5.1 and 5.2
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from services.gateway.adapters.problems import headers_for, outside
from shared_components.kernel.errors import AppError

JSON = "application/json"
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
INVALID_REQUEST, UNAVAILABLE, SERVER_ERROR = "invalid_request", "temporarily_unavailable", "server_error"
SLOW_DOWN = "slow_down"
"""Of RFC 8628; no code of RFC 6749 says so."""
_ERROR_OF = {
    "invalid-input": INVALID_REQUEST, "not-found": INVALID_REQUEST, "too-many-requests": SLOW_DOWN,
    "unavailable": UNAVAILABLE, "outcome-unknown": UNAVAILABLE,
}
"""Category of an error of ours → code of an RFC."""


def answered(reply: Mapping[str, Any]) -> Response:
    """The answer that identity gave."""
    headers = dict(NOT_KEPT)
    if reply["location"] is not None:
        headers["Location"] = reply["location"]
    if reply["challenge"] is not None:
        headers["WWW-Authenticate"] = reply["challenge"]
    if reply["body"] is None:
        return Response(status_code=reply["status"], headers=headers)
    return Response(orjson.dumps(reply["body"]), reply["status"], headers, media_type=JSON)


def oauth_refusal(error: AppError, *, base_url: str, locale: str, trace_id: str) -> Response:
    """An error before or behind identity. Descriptions are English, in ASCII, and say nothing of the request."""
    shown = outside(error)
    body = {
        "error": _ERROR_OF.get(shown.category, SERVER_ERROR), "error_description": shown.texts["en"],
        "trace_id": trace_id,
    }
    return Response(orjson.dumps(body), shown.http_status, {**NOT_KEPT, **headers_for(shown)}, media_type=JSON)
