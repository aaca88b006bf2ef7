"""Answers of an endpoint over HTTP, as the gateway gives them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from services.identity.openid.domain.oauth_errors import INVALID_CLIENT, OAuthRefused


@dataclass(frozen=True, slots=True)
class Answer:
    """body: a JSON object, if the answer has one. location: where the browser is sent. challenge: WWW-Authenticate."""

    status: int = 200
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    location: str | None = field(default=None, repr=False)
    challenge: str | None = None


def refusal(refused: OAuthRefused) -> Answer:
    """The answer of RFC 6749 section 5.2. A client that did not try the header Authorization gets 400, not 401."""
    status = 400 if refused.error == INVALID_CLIENT and refused.challenge is None else refused.status
    return Answer(
        status, {"error": refused.error, "error_description": refused.description}, challenge=refused.challenge)


def redirect(uri: str, parameters: Mapping[str, str | None]) -> str:
    """The address with these parameters. It has no query: none may be registered."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{uri}?{urlencode(given)}" if given else uri


def authorization_response(uri: str, parameters: Mapping[str, str | None], *, issuer: str) -> str:
    """The address to which the answer to an authorization request goes, with `iss` (RFC 9207)."""
    return redirect(uri, {**parameters, "iss": issuer})
