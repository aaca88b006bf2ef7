"""The connection to a provider over OpenID Connect, and the addresses to which requests may go."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ALGORITHMS = ("ES256", "RS256", "PS256", "EdDSA")
"""Signatures of ID tokens; each provider has one of them, fixed."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """claims: our names (name, id_type, id_number) → the provider's. origins: besides that of the issuer."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    algorithm: str = "ES256"
    scopes: tuple[str, ...] = ("openid",)
    claims: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    timeout_s: float = 5.0
    acr_values: tuple[str, ...] = ()


def origin_of(address: str) -> str:
    """Scheme, host and port of an address. Raises ValueError for one that is neither https nor on this machine."""
    parts = urlsplit(address)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.hostname or parts.username is not None or parts.fragment:
        raise ValueError(f"address '{address[:200]}' is not https; only https, and http on this machine, are allowed")
    return f"{parts.scheme}://{parts.netloc.lower()}"
