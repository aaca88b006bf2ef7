"""S1 without a platform: no attack on an access token of the login is taken, and each is seen without verification."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey

from shared_components.kernel.acting import Acting
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs import access_tokens
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.claims import claims_of
from shared_components.security.tokens import TrustedKey, signed
from tests.faults.token_attacks import Genuine, attacks, unverified

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
NOW = int(AT.timestamp())
APP, KID, ISSUER = "app-hall-sandbox", "sig_1", "https://city.example"
KEY = ECKey.generate_key("P-256")
CLAIMS = {
    **claims_of(Acting("sub_1", "ses_1", level=2, scopes=frozenset({"licence"}), grant="grt_1")), "client_id": APP,
    "iss": ISSUER, "aud": "city", "iat": NOW, "exp": NOW + 600,
}


def sign(claims: dict[str, Any], typ: str) -> str:
    return signed(claims, KEY, kid=KID, typ=typ)


GENUINE = Genuine(sign(CLAIMS, "at+jwt"), {**KEY.as_dict(private=False), "kid": KID}, sign)
ATTACKS = attacks(GENUINE)
SEEN_AT_LEAST = 60
"""Without verification. The others have no claims of a person, are of another app, or live too long."""


def taken(token: str) -> bool:
    keys = {KID: TrustedKey(ECKey.import_key(KEY.as_dict(private=False)), ISSUER, "city")}
    verifier = AccessTokens({}, issuer="", realm="", login=keys.get)
    try:
        verifier.verify(token, app=APP, at=AT)
    except TokenInvalid:
        return False
    return True


def test_the_genuine_token_is_taken() -> None:
    assert taken(GENUINE.token)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(name: str) -> None:
    assert not taken(ATTACKS[name])


def test_there_are_enough_attacks_and_they_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(ATTACKS) >= 100
    monkeypatch.setattr(access_tokens, "verified_claims", unverified)
    assert sum(taken(token) for token in ATTACKS.values()) >= SEEN_AT_LEAST
