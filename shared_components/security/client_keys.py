"""Public keys (JWK) with which a client program proves itself: which are allowed.

Source: RFC 7517, RFC 7518 sections 3.1 and 6
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from shared_components.kernel.bilingual import Bilingual

ES256, PS256 = "ES256", "PS256"
ALGORITHMS = (ES256, PS256)
MOST_KEYS = 5
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 4096
CLIENT_KEY = Bilingual(
    f"A public key with a kid, EC on P-256 (ES256) or RSA of {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits (PS256), "
    "is allowed.",
    f"须为带 kid 的公钥：P-256 椭圆曲线（ES256），或 {LEAST_RSA_BITS} 至 {MOST_RSA_BITS} 位 RSA（PS256）。")
KIDS_DIFFER = Bilingual("Each key needs a kid of its own.", "各密钥的 kid 须互不相同。")
ClientKey = ECKey | RSAKey


def client_key(jwk: Mapping[str, Any]) -> tuple[str, ClientKey]:
    """The algorithm of a public key, and the key. Raises ValueError for one that is not allowed."""
    given = {name: value for name, value in jwk.items() if value is not None}
    key: ClientKey
    try:
        if given.get("kty") == "EC" and given.get("crv") == "P-256":
            algorithm, key = ES256, ECKey.import_key({**given})
        elif given.get("kty") == "RSA":
            algorithm, key = PS256, RSAKey.import_key({**given})
        else:
            raise ValueError(CLIENT_KEY)
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError(CLIENT_KEY) from None
    if key.is_private or given.get("use", "sig") != "sig" or given.get("alg", algorithm) != algorithm:
        raise ValueError(CLIENT_KEY)
    if isinstance(key, RSAKey) and not LEAST_RSA_BITS <= key.raw_value.key_size <= MOST_RSA_BITS:
        raise ValueError(CLIENT_KEY)
    return algorithm, key


def problem_of_keys(keys: Sequence[Mapping[str, Any]]) -> Bilingual | None:
    """Give what is wrong with a client's keys; None when they are allowed."""
    try:
        for key in keys:
            client_key(key)
    except ValueError:
        return CLIENT_KEY
    return None if len({key.get("kid") for key in keys}) == len(keys) else KIDS_DIFFER
