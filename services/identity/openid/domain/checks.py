"""Checks of an authorization request's parameters, once its client and address are known.

Source: RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core section 3.1.2.1, RFC 9700
"""
from __future__ import annotations

import re
from collections.abc import Collection

from services.identity.openid.domain import oauth_errors as oauth
from services.identity.openid.domain.levels import least_level
from services.identity.openid.domain.oauth_errors import OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.pkce import METHOD, is_challenge
from services.identity.openid.domain.request import PROMPT_NONE, PROMPTS, Asked
from services.identity.openid.domain.scopes import scopes_of

LONGEST_STATE, LONGEST_NONCE, LONGEST_HINT = 1024, 512, 254
MOST_LOCALES = 8
NOT_SUPPORTED = {
    "request": oauth.REQUEST_NOT_SUPPORTED, "request_uri": oauth.REQUEST_URI_NOT_SUPPORTED,
    "registration": oauth.REGISTRATION_NOT_SUPPORTED,
}
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_AGE = re.compile(r"[0-9]{1,9}")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


def asked_of(
    parameters: Parameters, redirect_uri: str, *, levels: Collection[int], hinted_subject: str | None = None,
) -> Asked:
    """levels: of the platform. hinted_subject: of a verified id_token_hint. Raises OAuthRefused."""
    parameters.once()
    for name, error in NOT_SUPPORTED.items():
        if name in parameters:
            raise OAuthRefused(error, f"{name} is not taken here; parameters and pushed requests are allowed")
    _check_response(parameters)
    return Asked(
        redirect_uri=redirect_uri, scopes=scopes_of(parameters.get("scope")), code_challenge=_challenge(parameters),
        state=_text(parameters, "state", LONGEST_STATE), nonce=_text(parameters, "nonce", LONGEST_NONCE),
        min_level=_level(parameters, levels), prompt=_prompt(parameters), max_age_s=_max_age(parameters),
        ui_locales=_locales(parameters.get("ui_locales")),
        login_hint=(parameters.get("login_hint") or "")[:LONGEST_HINT] or None, hinted_subject=hinted_subject)


def _check_response(parameters: Parameters) -> None:
    if parameters.required("response_type") != "code":
        raise OAuthRefused(oauth.UNSUPPORTED_RESPONSE_TYPE, "response_type code is allowed")
    if parameters.get("response_mode", "query") != "query":
        raise OAuthRefused(oauth.INVALID_REQUEST, "response_mode query is allowed")


def _challenge(parameters: Parameters) -> str:
    challenge = parameters.required("code_challenge")
    if parameters.get("code_challenge_method") != METHOD or not is_challenge(challenge):
        raise OAuthRefused(
            oauth.INVALID_REQUEST, f"code_challenge of 43 characters with code_challenge_method {METHOD} is allowed")
    return challenge


def _text(parameters: Parameters, name: str, longest: int) -> str | None:
    value = parameters.get(name)
    if value is not None and (len(value) > longest or not _PRINTABLE.fullmatch(value)):
        raise OAuthRefused(oauth.INVALID_REQUEST, f"{name} of up to {longest} printable ASCII characters is allowed")
    return value


def _level(parameters: Parameters, levels: Collection[int]) -> int:
    wanted = parameters.get("acr_values")
    if wanted is None:
        return 0
    least = least_level(wanted, levels)
    if least is None:
        raise OAuthRefused(
            oauth.UNMET_AUTHENTICATION_REQUIREMENTS,
            "acr_values has no level of this platform; see acr_values_supported")
    return least


def _prompt(parameters: Parameters) -> frozenset[str]:
    prompt = frozenset((parameters.get("prompt") or "").split())
    if not prompt <= frozenset(PROMPTS) or (PROMPT_NONE in prompt and len(prompt) > 1):
        raise OAuthRefused(
            oauth.INVALID_REQUEST, f"prompt of {' '.join(PROMPTS)} is allowed, and {PROMPT_NONE} by itself")
    return prompt


def _max_age(parameters: Parameters) -> int | None:
    given = parameters.get("max_age")
    if given is None:
        return None
    if not _AGE.fullmatch(given):
        raise OAuthRefused(oauth.INVALID_REQUEST, "max_age of 0 or more whole seconds is allowed")
    return int(given)


def _locales(given: str | None) -> tuple[str, ...]:
    """Preferences only, so what cannot be one is left out."""
    return tuple(name for name in (given or "").split() if _LOCALE.fullmatch(name))[:MOST_LOCALES]
