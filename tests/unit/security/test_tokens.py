from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared_components.security.errors import TokenExpired, TokenInvalid
from shared_components.security.tokens import SigningKey, TokenSigner, TokenVerifier

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
KEY, OTHER = SigningKey.generate("k1"), SigningKey.generate("k1")
SIGNER = TokenSigner(KEY, issuer="https://id.test", typ="at+jwt")
VERIFIER = TokenVerifier({"k1": KEY.public()}, issuer="https://id.test", audience="payment", typ="at+jwt")
CLAIMS = {"iss": "https://id.test", "aud": "payment", "iat": NOW, "exp": NOW + 60, "sub": "sub_1"}
HEADER = {"alg": "Ed25519", "kid": "k1", "typ": "at+jwt"}


def good() -> str:
    return SIGNER.sign({"sub": "sub_1"}, audience="payment", at=AT, lifetime=timedelta(seconds=60))


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def eddsa(header: dict[str, Any] | None = None, *, key: SigningKey = KEY, **claims: Any) -> str:
    merged = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not ...}
    whole = {name: value for name, value in {**HEADER, **(header or {})}.items() if value is not ...}
    signed = f"{b64(whole)}.{b64(merged)}"
    # By hand, since a library would refuse to make most of these.
    private: Any = key.key.private_key
    return f"{signed}.{b64(private.sign(signed.encode()))}"


def hmac_with_public_key(public: bytes) -> str:
    signed = f"{b64({**HEADER, 'alg': 'HS256'})}.{b64(CLAIMS)}"
    return f"{signed}.{b64(hmac.digest(public, signed.encode(), 'sha256'))}"


def with_own_jwk() -> str:
    return eddsa({"jwk": OTHER.key.as_dict(private=False)}, key=OTHER)


ATTACKS: dict[str, Callable[[], str]] = {
    "none": lambda: f"{b64({**HEADER, 'alg': 'none'})}.{b64(CLAIMS)}.",
    "None": lambda: f"{b64({**HEADER, 'alg': 'None'})}.{b64(CLAIMS)}.",
    "no alg": lambda: f"{b64({'kid': 'k1', 'typ': 'at+jwt'})}.{b64(CLAIMS)}.",
    "signature cut off": lambda: good().rsplit(".", 1)[0] + ".",
    "hs256 with the public key": lambda: hmac_with_public_key(KEY.public().as_pem(private=False)),
    "hs256 with the raw public key": lambda: hmac_with_public_key(KEY.public().public_key.public_bytes_raw()),
    "rs256": lambda: jwt.encode({**HEADER, "alg": "RS256"}, CLAIMS, RSAKey.generate_key(2048), algorithms=["RS256"]),
    "es256": lambda: jwt.encode({**HEADER, "alg": "ES256"}, CLAIMS, ECKey.generate_key("P-256"), algorithms=["ES256"]),
    "deprecated name of the algorithm": lambda: eddsa({"alg": "EdDSA"}),
    "other key, same kid": lambda: eddsa(key=OTHER),
    "own jwk": with_own_jwk,
    "own jwk, no kid": lambda: eddsa({"jwk": OTHER.key.as_dict(private=False), "kid": ...}, key=OTHER),
    "jku": lambda: eddsa({"jku": "https://evil.test/jwks"}, key=OTHER),
    "x5u": lambda: eddsa({"x5u": "https://evil.test/cert"}, key=OTHER),
    "kid as path": lambda: eddsa({"kid": "../../dev/null"}),
    "kid as SQL": lambda: eddsa({"kid": "' UNION SELECT 'k1"}),
    "kid as list": lambda: f"{b64({**HEADER, 'kid': ['k1']})}.{b64(CLAIMS)}.AA",
    "kid as number": lambda: f"{b64({**HEADER, 'kid': 1})}.{b64(CLAIMS)}.AA",
    "no kid": lambda: eddsa({"kid": ...}),
    "no typ": lambda: eddsa({"typ": ...}),
    "id token as access token": lambda: eddsa({"typ": "JWT"}),
    "critical extension": lambda: eddsa({"crit": ["exp"], "exp": 1}),
    "wrong audience": lambda: eddsa(aud="matter"),
    "audience missing": lambda: eddsa(aud=...),
    "audience as prefix": lambda: eddsa(aud="payment2"),
    "audience empty": lambda: eddsa(aud=[]),
    "audience as object": lambda: eddsa(aud={"payment": 1}),
    "wrong issuer": lambda: eddsa(iss="https://evil.test"),
    "issuer missing": lambda: eddsa(iss=...),
    "issuer as list": lambda: eddsa(iss=["https://id.test"]),
    "expiry missing": lambda: eddsa(exp=...),
    "expiry as text": lambda: eddsa(exp=str(NOW + 60)),
    "expiry as float": lambda: eddsa(exp=1e12),
    "expiry true": lambda: eddsa(exp=True),
    "issued missing": lambda: eddsa(iat=...),
    "issued in the future": lambda: eddsa(iat=NOW + 3600, exp=NOW + 7200),
    "not yet valid": lambda: eddsa(nbf=NOW + 3600),
    "empty": lambda: "",
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "too long": lambda: good() + "A" * 9000,
    "header no object": lambda: f"{b64([1])}.{b64(CLAIMS)}.AA",
    "header nested": lambda: f"{b64(b'[' * 5000)}.{b64(CLAIMS)}.AA",
    "payload no object": lambda: good().split(".")[0] + "." + b64([1]) + ".AA",
    "payload exchanged": lambda: f"{good().split('.')[0]}.{b64({**CLAIMS, 'sub': 'sub_2'})}.{good().split('.')[2]}",
    "not ascii": lambda: good() + "é",
}


def test_a_good_token_gives_its_claims() -> None:
    assert VERIFIER.verify(good(), at=AT) == CLAIMS
    assert VERIFIER.verify(eddsa(aud=["matter", "payment"]), at=AT)["sub"] == "sub_1"
    assert VERIFIER.verify(eddsa({"jku": "https://evil.test", "x": 1}), at=AT)["sub"] == "sub_1"


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(attack: str) -> None:
    with pytest.raises(TokenInvalid) as caught:
        VERIFIER.verify(ATTACKS[attack](), at=AT)
    assert type(caught.value) is TokenInvalid


def test_a_token_that_is_over_says_so() -> None:
    with pytest.raises(TokenExpired):
        VERIFIER.verify(good(), at=AT + timedelta(seconds=91))
    assert VERIFIER.verify(good(), at=AT + timedelta(seconds=90))


def test_claims_cannot_replace_what_the_signer_sets() -> None:
    token = SIGNER.sign({"iss": "x", "exp": 1}, audience="payment", at=AT, lifetime=timedelta(seconds=60))
    assert VERIFIER.verify(token, at=AT)["iss"] == "https://id.test"


def test_two_keys_overlap_during_a_replacement() -> None:
    new = SigningKey.generate("k2")
    verifier = TokenVerifier({"k1": KEY.public(), "k2": new.public()}, issuer="https://id.test", audience="payment",
                             typ="at+jwt")
    token = TokenSigner(new, issuer="https://id.test", typ="at+jwt").sign(
        {}, audience="payment", at=AT, lifetime=timedelta(seconds=60)
    )
    assert verifier.verify(token, at=AT) and verifier.verify(good(), at=AT)
    with pytest.raises(TokenInvalid):
        VERIFIER.verify(token, at=AT)


def test_the_public_key_holds_no_private_part() -> None:
    assert "d" not in KEY.public().as_dict()


@given(st.text(max_size=100))
def test_any_text_is_refused_with_the_typed_error(text: str) -> None:
    with pytest.raises(TokenInvalid):
        VERIFIER.verify(text, at=AT)


@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_changed_character_is_refused(place: int, flip: int) -> None:
    token = good()
    place %= len(token) - 2  # the last character's spare bits may differ in spelling only
    changed = token[:place] + chr(ord(token[place]) ^ flip) + token[place + 1 :]
    with pytest.raises(TokenInvalid):
        VERIFIER.verify(changed, at=AT)
