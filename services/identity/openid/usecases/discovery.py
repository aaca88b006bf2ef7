"""Metadata of the server, and the public keys of its tokens.

Source: OpenID Connect Discovery section 3, RFC 8414 section 2
"""
from __future__ import annotations

from typing import Any, Protocol

from services.identity.openid.domain.client import ASSERTION_ALGORITHMS, AUTHENTICATION_METHODS, NONE
from services.identity.openid.domain.levels import acr_of
from services.identity.openid.domain.pkce import METHOD
from services.identity.openid.domain.request import PROMPTS
from services.identity.openid.domain.scopes import KNOWN
from services.identity.openid.usecases.token import GRANTS
from services.identity.sessions.domain.ports import HasSigningKeys, HasTokenPolicy
from services.identity.sessions.domain.signing_key import ALGORITHM
from services.identity.subjects.domain.ports import HasPolicy

ENDPOINTS = {
    "authorization_endpoint": "authorize", "pushed_authorization_request_endpoint": "par", "token_endpoint": "token",
    "userinfo_endpoint": "userinfo", "jwks_uri": "jwks", "introspection_endpoint": "introspect",
    "revocation_endpoint": "revoke", "end_session_endpoint": "end-session",
}
CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash", "on_behalf_of",
          "mandate", "name", "locale", "level", "email", "email_verified", "phone_number", "phone_number_verified")


class MetadataTx(HasPolicy, HasTokenPolicy, Protocol):
    """The transaction of giving the metadata."""


def metadata(tx: MetadataTx) -> dict[str, Any]:
    issuer = tx.tokens.issuer
    proving = [method for method in AUTHENTICATION_METHODS if method != NONE]
    return {
        "issuer": issuer, **{name: f"{issuer}/oauth/{path}" for name, path in ENDPOINTS.items()},
        "scopes_supported": list(KNOWN), "response_types_supported": ["code"], "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS), "subject_types_supported": ["pairwise"],
        "acr_values_supported": [acr_of(rule.level) for rule in tx.policy.levels.rules],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": proving,
        "introspection_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "code_challenge_methods_supported": [METHOD], "prompt_values_supported": list(PROMPTS),
        "claims_supported": list(CLAIMS), "ui_locales_supported": ["zh-CN", "en"],
        "authorization_response_iss_parameter_supported": True, "require_pushed_authorization_requests": False,
        "claims_parameter_supported": False, "request_parameter_supported": False,
        "request_uri_parameter_supported": False, "require_request_uri_registration": False,
        "backchannel_logout_supported": False, "frontchannel_logout_supported": False,
        "tls_client_certificate_bound_access_tokens": False,
    }


def key_set(tx: HasSigningKeys) -> dict[str, Any]:
    """The public keys that verify now, of all realms that the transaction sees."""
    return {"keys": [dict(key.public) for key in tx.signing_keys.all()]}
