"""Refusals in the words of OAuth 2.0: the codes are those of the RFCs, the descriptions are ours.

Source: RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, OpenID Connect Core section 3.1.2.6, RFC 8693, RFC 9470
"""
from __future__ import annotations

INVALID_REQUEST, INVALID_CLIENT, INVALID_GRANT = "invalid_request", "invalid_client", "invalid_grant"
UNAUTHORIZED_CLIENT, UNSUPPORTED_GRANT_TYPE = "unauthorized_client", "unsupported_grant_type"
UNSUPPORTED_RESPONSE_TYPE, INVALID_SCOPE = "unsupported_response_type", "invalid_scope"
ACCESS_DENIED, SERVER_ERROR, TEMPORARILY_UNAVAILABLE = "access_denied", "server_error", "temporarily_unavailable"
LOGIN_REQUIRED, CONSENT_REQUIRED, INTERACTION_REQUIRED = "login_required", "consent_required", "interaction_required"
ACCOUNT_SELECTION_REQUIRED = "account_selection_required"
REQUEST_NOT_SUPPORTED, REQUEST_URI_NOT_SUPPORTED = "request_not_supported", "request_uri_not_supported"
REGISTRATION_NOT_SUPPORTED, INVALID_REQUEST_URI = "registration_not_supported", "invalid_request_uri"
UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements"
INVALID_TOKEN, INSUFFICIENT_SCOPE, INVALID_TARGET = "invalid_token", "insufficient_scope", "invalid_target"
UNSUPPORTED_TOKEN_TYPE = "unsupported_token_type"  # noqa: S105 -- a code of RFC 7009

REFUSALS = frozenset({
    ACCESS_DENIED, LOGIN_REQUIRED, CONSENT_REQUIRED, INTERACTION_REQUIRED, ACCOUNT_SELECTION_REQUIRED,
    UNMET_AUTHENTICATION_REQUIREMENTS, SERVER_ERROR, TEMPORARILY_UNAVAILABLE, INVALID_SCOPE,
})
"""Errors with which a login may end instead of a code."""
_STATUS = {INVALID_CLIENT: 401, INVALID_TOKEN: 401, INSUFFICIENT_SCOPE: 403, SERVER_ERROR: 500,
           TEMPORARILY_UNAVAILABLE: 503}


class OAuthRefused(Exception):
    """A refusal for the client program.

    description: ASCII without `"` and `\\`; it never tells whether a subject, a token or another client exists.
    challenge: the value of WWW-Authenticate, for 401 and 403.
    """

    def __init__(self, error: str, description: str, *, challenge: str | None = None) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description, self.challenge = error, description, challenge

    @property
    def status(self) -> int:
        return _STATUS.get(self.error, 400)
