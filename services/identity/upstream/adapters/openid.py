"""A provider over OpenID Connect: code flow with PKCE, state, nonce and the issuer's check."""
from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

from services.identity.upstream.adapters.http import ProviderHttp
from services.identity.upstream.adapters.id_token import IdTokens, authenticated_at
from services.identity.upstream.domain.connection import OpenIdSettings, origin_of
from services.identity.upstream.domain.errors import UpstreamRefused
from services.identity.upstream.domain.provider import (
    Answer,
    ProviderPolicy,
    SignIn,
    UpstreamOrganisation,
    UpstreamPerson,
)
from shared_components.kernel.bilingual import Bilingual, is_chinese

KEPT_S, SOONEST_S = 3600.0, 60.0
"""How long discovery and keys are kept; how soon a missing key has them read anew."""
LONGEST_CLAIM = 255


class OpenIdProvider:
    def __init__(self, policy: ProviderPolicy, settings: OpenIdSettings) -> None:
        self.policy = policy
        self._settings = settings
        self._http = ProviderHttp(
            policy.name, {origin_of(address) for address in (settings.issuer, *settings.origins)},
            timeout_s=settings.timeout_s)
        self._read: dict[str, tuple[float, dict[str, Any]]] = {}
        self._tokens = IdTokens(
            self._keys, issuer=settings.issuer, client_id=settings.client_id, algorithm=settings.algorithm)

    def address(self, sign_in: SignIn, *, locale: str) -> str:
        said = self._discovered()
        asked = {
            "response_type": "code", "client_id": self._settings.client_id, "redirect_uri": sign_in.redirect_uri,
            "scope": " ".join(self._settings.scopes), "state": sign_in.state, "nonce": sign_in.nonce,
            "code_challenge": _challenge(sign_in.verifier), "code_challenge_method": "S256",
            "ui_locales": "zh-CN" if is_chinese(locale) else "en",
        }
        if self._settings.acr_values:
            asked["acr_values"] = " ".join(self._settings.acr_values)
        address = self._http.checked(said.get("authorization_endpoint"))
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def person(self, sign_in: SignIn, answer: Answer, *, at: datetime) -> UpstreamPerson:
        said = self._discovered()
        self._check_issuer(answer, required=said.get("authorization_response_iss_parameter_supported") is True)
        tokens = self._redeem(said, sign_in, answer)
        claims = self._tokens.claims(tokens.get("id_token"), nonce=sign_in.nonce, at=at)
        return self._person(claims | self._userinfo(said, tokens, claims["sub"]), claims)

    def _check_issuer(self, answer: Answer, *, required: bool) -> None:
        """RFC 9207: the answer of another provider is not redeemed here."""
        if answer.issuer != self._settings.issuer and (required or answer.issuer is not None):
            raise _invalid("the answer is another provider's", "应答并非来自该渠道")

    def _redeem(self, said: Mapping[str, Any], sign_in: SignIn, answer: Answer) -> dict[str, Any]:
        status, tokens = self._http.json("POST", self._http.checked(said.get("token_endpoint")), data={
            "grant_type": "authorization_code", "code": answer.code, "redirect_uri": sign_in.redirect_uri,
            "code_verifier": sign_in.verifier,
        }, headers={"Authorization": _basic(self._settings.client_id, self._settings.client_secret)})
        if status >= 500:
            raise self._http.unavailable("status", Bilingual(f"answered with HTTP {status}", f"应答为 HTTP {status}"))
        if status != 200:
            raise _invalid("the provider did not redeem the code", "该渠道未接受授权码")
        return tokens

    def _userinfo(self, said: Mapping[str, Any], tokens: Mapping[str, Any], sub: str) -> dict[str, Any]:
        """Claims of the userinfo endpoint, where there is one and its subject is that of the ID token."""
        address, token = said.get("userinfo_endpoint"), tokens.get("access_token")
        if address is None or not isinstance(token, str) or not self._settings.claims:
            return {}
        status, claims = self._http.json(
            "GET", self._http.checked(address), headers={"Authorization": f"Bearer {token}"})
        if status != 200 or claims.get("sub") != sub:
            raise _invalid("the provider's userinfo is not that of the ID token", "该渠道的用户信息与身份令牌不符")
        return claims

    def _person(self, claims: Mapping[str, Any], token: Mapping[str, Any]) -> UpstreamPerson:
        named = {ours: _text(claims.get(theirs)) for ours, theirs in self._settings.claims.items()}
        at = authenticated_at(token)
        receipt = hashlib.sha256(f"{token['iss']}\n{token['sub']}\n{at.isoformat()}".encode()).hexdigest()
        return UpstreamPerson(
            token["iss"], token["sub"], receipt, at, _text(token.get("acr")), named.get("name"),
            named.get("id_type") or ("111" if named.get("id_number") else None), named.get("id_number"),
            _organisation(named))

    def _discovered(self) -> dict[str, Any]:
        issuer = self._settings.issuer
        found = self._cached(f"{issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_S)
        if found.get("issuer") != issuer:
            raise self._http.unavailable("other-issuer", Bilingual(
                "says that it is another issuer", "声明的签发方与配置不符"))
        return found

    def _keys(self, again: bool) -> Mapping[str, Any]:
        return self._cached(self._http.checked(self._discovered().get("jwks_uri")), SOONEST_S if again else KEPT_S)

    def _cached(self, address: str, kept_s: float) -> dict[str, Any]:
        read_at, found = self._read.get(address, (0.0, {}))
        if found and monotonic() - read_at < kept_s:
            return found
        status, found = self._http.json("GET", address)
        if status != 200:
            raise self._http.unavailable("status", Bilingual(f"answered with HTTP {status}", f"应答为 HTTP {status}"))
        self._read[address] = (monotonic(), found)
        return found


def _organisation(named: Mapping[str, str | None]) -> UpstreamOrganisation | None:
    """None where one of the three claims is missing."""
    code, name, role = (named.get(each) for each in ("credit_code", "organisation_name", "organisation_role"))
    return UpstreamOrganisation(code, name, role) if code and name and role else None


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: both are form-encoded before they are joined."""
    return "Basic " + base64.b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_CLAIM else None


def _invalid(en: str, zh: str) -> UpstreamRefused:
    return UpstreamRefused(Bilingual(en, zh), details={"reason": "answer-invalid"})
