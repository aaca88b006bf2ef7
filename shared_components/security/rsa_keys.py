"""RSA keys as payment providers hand them out: PEM, a certificate, or the bare base64 inside a PEM."""
from __future__ import annotations

import base64
import binascii
import re

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

FEWEST_BITS = 2048
PRIVATE, PUBLIC = "an RSA private key of 2048 bits or more", "an RSA public key or certificate of 2048 bits or more"


class KeyUnusable(ValueError):
    """The text is no such key. The message says what is allowed and nothing of what was given."""


def rsa_private_key(text: str) -> RSAPrivateKey:
    """text: PEM (PKCS#8 or PKCS#1), or its base64 without the lines around it; no password. Raises KeyUnusable."""
    try:
        raw = text.strip().encode()
        key = load_pem_private_key(raw, None) if raw.startswith(b"-----") else load_der_private_key(_der(raw), None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"{PRIVATE} is allowed, as PEM or its base64") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < FEWEST_BITS:
        raise KeyUnusable(f"{PRIVATE} is allowed")
    return key


def rsa_public_key(text: str) -> RSAPublicKey:
    """text: PEM of a key or a certificate, or a key's base64 without the lines around it. Raises KeyUnusable."""
    try:
        key = _public_key(text.strip().encode())
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"{PUBLIC} is allowed, as PEM or its base64") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < FEWEST_BITS:
        raise KeyUnusable(f"{PUBLIC} is allowed")
    return key


def _public_key(raw: bytes) -> object:
    if raw.startswith(b"-----BEGIN CERTIFICATE-----"):
        return x509.load_pem_x509_certificate(raw).public_key()
    return load_pem_public_key(raw) if raw.startswith(b"-----") else load_der_public_key(_der(raw))


def _der(raw: bytes) -> bytes:
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
