"""Access tokens as attackers make them, from a genuine one: what each changes is its name."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey

from shared_components.security.errors import TokenInvalid

Claims = dict[str, Any]
AWAY = "https://keys.attacker.example/jwks.json"
_MISSING = object()


@dataclass(frozen=True)
class Genuine:
    """token: taken by the app that shows it. public: the key of its signature, as a JWK.

    sign: signs claims by the login's own key, as only a mistake of ours would: (claims, typ).
    """

    token: str
    public: Mapping[str, Any]
    sign: Callable[[Claims, str], str]

    @property
    def header(self) -> Claims:
        return _decoded(self.token.split(".")[0])

    @property
    def claims(self) -> Claims:
        return _decoded(self.token.split(".")[1])


def attacks(genuine: Genuine) -> dict[str, str]:
    """Name → token. None of them may be taken."""
    return {
        **_other_algorithms(genuine), **_other_keys(genuine), **_headers_that_point(genuine),
        **_signed_by_us(genuine), **_changed(genuine), **_other_forms(genuine),
    }


def unverified(token: str, find: Any, *, typ: str, at: Any, leeway_s: int = 0) -> Claims:
    """The claims of a token that nobody has verified, for the proof that the attacks are seen."""
    try:
        claims = _decoded(token.split(".")[1])
    except (ValueError, IndexError, RecursionError):
        raise TokenInvalid from None
    if not isinstance(claims, dict) or not all(type(claims.get(name)) is int for name in ("exp", "iat")):
        raise TokenInvalid
    return claims


def _other_algorithms(genuine: Genuine) -> dict[str, str]:
    header, claims = genuine.header, genuine.claims
    key = ECKey.import_key(dict(genuine.public))
    pem = key.as_pem(private=False)
    found = {f"alg {alg}, no signature": _joined({**header, "alg": alg}, claims, b"")
             for alg in ("none", "None", "NONE", "nOnE", "")}
    found |= {f"alg {alg}, the genuine signature": _with_header(genuine, alg=alg)
              for alg in (
                "none", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", None, 256)}
    for name, secret in {
        "the public key in PEM": pem, "the public key as JWK": json.dumps(dict(genuine.public)).encode(),
        "the key's id": str(header["kid"]).encode(), "nothing": b"", "x of the key": str(genuine.public["x"]).encode(),
    }.items():
        found[f"HS256 with {name} as the secret"] = _hmac({**header, "alg": "HS256"}, claims, secret)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed = {**header, "alg": "RS256"}
    found["RS256 by a stranger's key"] = _joined(
        signed, claims, stranger.sign(_input(signed, claims), padding.PKCS1v15(), hashes.SHA256()))
    signed = {**header, "alg": "EdDSA"}
    found["EdDSA by a stranger's key"] = _joined(
        signed, claims, ed25519.Ed25519PrivateKey.generate().sign(_input(signed, claims)))
    return found


def _other_keys(genuine: Genuine) -> dict[str, str]:
    header, claims = genuine.header, genuine.claims
    stranger, larger = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    return {
        "a stranger's key under the same kid": _es(header, claims, stranger),
        "a stranger's key under a kid of its own": _es({**header, "kid": "sig_stranger"}, claims, stranger),
        "a key of P-384": _joined(
            header, claims, larger.sign(_input(header, claims), ec.ECDSA(hashes.SHA256()))),
        "r and s of zero": _joined(header, claims, bytes(64)),
        "r and s of the order": _joined(header, claims, _ORDER * 2),
        "a signature in DER": _joined(
            header, claims, stranger.sign(_input(header, claims), ec.ECDSA(hashes.SHA256()))),
    }


def _headers_that_point(genuine: Genuine) -> dict[str, str]:
    header, claims = genuine.header, genuine.claims
    stranger = ec.generate_private_key(ec.SECP256R1())
    own = ECKey.import_key(stranger).as_dict(private=False)
    kids: dict[str, Any] = {
        "a path": "../../../../dev/null", "an absolute path": "/etc/hostname", "SQL": "x' UNION SELECT 'y",
        "a URL": AWAY, "a number": 1, "a list": [header["kid"]], "NUL": f"{header['kid']}\0", "empty": "", "null": None,
        "10,000 characters": "k" * 10_000, "another case": str(header["kid"]).upper(),
    }
    found = {f"kid is {name}": _es({**header, "kid": kid}, claims, stranger) for name, kid in kids.items()}
    for name in ("a path", "an absolute path"):
        found[f"kid is {name}, HS256 by an empty secret"] = _hmac(
            {**header, "alg": "HS256", "kid": kids[name]}, claims, b"")
    without = {name: value for name, value in header.items() if name != "kid"}
    found["no kid"] = _es(without, claims, stranger)
    for name, value in {"jwk": own, "jku": AWAY, "x5u": AWAY, "x5c": ["MIIB"], "x5t": "AA"}.items():
        found[f"{name} of the attacker"] = _es({**header, name: value}, claims, stranger)
        found[f"{name} of the attacker and no kid"] = _es({**without, name: value}, claims, stranger)
    return found


def _signed_by_us(genuine: Genuine) -> dict[str, str]:
    """Genuine signatures over claims that are not for here."""
    claims, now = genuine.claims, int(genuine.claims["iat"])
    changes: dict[str, dict[str, Any]] = {
        "aud of another realm": {"aud": "elsewhere"}, "aud of another realm, in a list": {"aud": ["elsewhere"]},
        "no aud": {"aud": _MISSING}, "aud is null": {"aud": None}, "aud is a mapping": {"aud": {"city": 1}},
        "iss of another issuer": {"iss": "https://login.attacker.example"}, "no iss": {"iss": _MISSING},
        "expired": {"iat": now - 1000, "exp": now - 400}, "no exp": {"exp": _MISSING},
        "exp is text": {"exp": "9999999999"}, "exp in a year": {"exp": now + 31_536_000},
        "exp is a float": {"exp": now + 600.5}, "exp is true": {"exp": True},
        "iat in an hour": {"iat": now + 3600, "exp": now + 4200}, "no iat": {"iat": _MISSING},
        "nbf in an hour": {"nbf": now + 3600}, "nbf is text": {"nbf": "0"},
        "client_id of another app": {"client_id": "app-other-sandbox"}, "no client_id": {"client_id": _MISSING},
        "client_id is a list": {"client_id": [claims["client_id"]]}, "no sub": {"sub": _MISSING},
        "no sid": {"sid": _MISSING},
        "kind of nobody": {"kind": "root"}, "level is text": {"level": "4"}, "level below 0": {"level": -1},
        "scope is a list": {"scope": ["licence"]},
        "an officer without a department": {"kind": "officer", "roles": ["x"]},
        "act without a mandate": {"act": {"sub": "sub_x"}},
    }
    found = {}
    for name, change in changes.items():
        said = {key: value for key, value in {**claims, **change}.items() if value is not _MISSING}
        found[f"ours, {name}"] = genuine.sign(said, "at+jwt")
    for typ in ("JWT", "ticket+jwt", "logout+jwt", ""):
        found[f"ours, typ '{typ}'"] = genuine.sign(claims, typ)
    return found


def _changed(genuine: Genuine) -> dict[str, str]:
    head, body, signature = genuine.token.split(".")
    raw = _bytes(signature)
    claims = genuine.claims
    found = {f"{name} changed after the signature": f"{head}.{_text({**claims, name: value})}.{signature}"
             for name, value in {
                 "sub": "sub_other", "level": 4, "scope": "case licence order", "exp": claims["exp"] + 60,
                 "sid": "ses_other", "client_id": "app-other-sandbox"}.items()}
    return found | {
        "no signature": f"{head}.{body}.", "half a signature": f"{head}.{body}.{_b64(raw[:32])}",
        "a longer signature": f"{head}.{body}.{_b64(raw + bytes(1))}",
        "one bit of the signature": f"{head}.{body}.{_b64(bytes([raw[0] ^ 1]) + raw[1:])}",
        "r and s exchanged": f"{head}.{body}.{_b64(raw[32:] + raw[:32])}",
        "the claims of another kind of JSON": f"{head}.{_b64(b'[]')}.{signature}",
        "the header of a critical extension": _with_header(genuine, crit=["exp"]),
        "the header of a detached payload": _with_header(genuine, b64=False, crit=["b64"]),
    }


def _other_forms(genuine: Genuine) -> dict[str, str]:
    head, body, signature = genuine.token.split(".")
    twice = _b64(b'{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"' + str(genuine.header["kid"]).encode() + b'"}')
    return {
        "alg twice in the header": f"{twice}.{body}.{signature}",
        "five parts, as an encrypted token": f"{head}.x.{body}.y.{signature}",
        "four parts": f"{genuine.token}.x", "two parts": f"{head}.{body}", "one part": head, "dots alone": "..",
        "the JSON form": json.dumps({"protected": head, "payload": body, "signature": signature}),
        "a space inside": f"{head}. {body}.{signature}", "padding": f"{head}=.{body}.{signature}",
        "20,000 characters": f"{head}.{body}{'A' * 20_000}.{signature}", "no token": "x",
        "a header that is no JSON": f"{_b64(b'{')}.{body}.{signature}",
        "a header of 500 levels": f"{_b64(b'[' * 500 + b']' * 500)}.{body}.{signature}",
        "a refresh token": "ztr_rft_01a22c8a53cd736cb11fcca0fee56ada.c2VjcmV0",
    }


_ORDER = bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")


def _es(header: Mapping[str, Any], claims: Mapping[str, Any], key: ec.EllipticCurvePrivateKey) -> str:
    r, s = decode_dss_signature(key.sign(_input(header, claims), ec.ECDSA(hashes.SHA256())))
    return _joined(header, claims, r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _hmac(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    return _joined(header, claims, hmac.digest(secret, _input(header, claims), hashlib.sha256))


def _with_header(genuine: Genuine, **changes: Any) -> str:
    _, body, signature = genuine.token.split(".")
    return f"{_text({**genuine.header, **changes})}.{body}.{signature}"


def _joined(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes) -> str:
    return f"{_input(header, claims).decode()}.{_b64(signature)}"


def _input(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bytes:
    return f"{_text(header)}.{_text(claims)}".encode()


def _text(data: Mapping[str, Any]) -> str:
    return _b64(json.dumps(dict(data)).encode())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _decoded(text: str) -> Claims:
    found: Claims = json.loads(_bytes(text))
    return found
