"""Signatures of Alibaba Cloud's API: ACS3-HMAC-SHA256 over the canonical request.

Source: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""
from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def encoded(parameters: Mapping[str, str]) -> str:
    """The canonical query: sorted, percent-encoded by RFC 3986."""
    return "&".join(f"{_quoted(name)}={_quoted(parameters[name])}" for name in sorted(parameters))


def signed_headers(
    *, host: str, action: str, version: str, query: Mapping[str, str], access_key_id: str, access_key_secret: str,
    at: datetime, nonce: str,
) -> dict[str, str]:
    """Headers of a POST to / with an empty body. at: UTC."""
    body_hash = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host, "x-acs-action": action, "x-acs-content-sha256": body_hash,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}", "x-acs-signature-nonce": nonce, "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", encoded(query), lines, names, body_hash])
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(access_key_secret.encode(), text.encode(), "sha256").hex()
    return {
        **headers,
        "authorization": f"{ALGORITHM} Credential={access_key_id},SignedHeaders={names},Signature={signature}",
    }


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
