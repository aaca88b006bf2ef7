"""Section services.identity.openid of the configuration: limits of the login server's endpoints."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from services.identity.credentials.domain.attempts import Limit
from services.identity.openid.domain.throttles import OAuthLimits

DEFAULTS = OAuthLimits()
MOST = 1_000_000


def _most(of: str, default: Limit) -> fields.Integer:
    minutes = int(default.window.total_seconds() // 60)
    return fields.Integer(load_default=default.attempts, strict=True, validate=validate.Range(1, MOST), metadata={
        "allowed": f"1 to {MOST}", "meaning": f"{of} in any {minutes} minutes"})


class OpenIdSettings(Schema):
    """Limits by network address."""

    failures_of_client = _most("Failed proofs of one client from one address", DEFAULTS.client)
    failures_of_address = _most("Failed proofs of all clients from one address", DEFAULTS.client_address)
    browser_requests = _most("Logins and logouts that browsers begin at one address", DEFAULTS.browser)


def oauth_limits_of(settings: Mapping[str, Any]) -> OAuthLimits:
    """The limits that validated settings ask for."""
    def limit(default: Limit, name: str) -> Limit:
        return Limit(default.scope, settings[name], default.window)

    return OAuthLimits(
        limit(DEFAULTS.client, "failures_of_client"), limit(DEFAULTS.client_address, "failures_of_address"),
        limit(DEFAULTS.browser, "browser_requests"))
