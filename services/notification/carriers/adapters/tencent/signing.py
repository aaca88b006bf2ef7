"""Signatures of Tencent Cloud's API: TC3-HMAC-SHA256 over the canonical request.

Source: https://cloud.tencent.com/document/api/382/52072
"""
from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json"
SERVICE = "sms"


def signed_headers(
    *, host: str, action: str, version: str, region: str, body: bytes, secret_id: str, secret_key: str, at: datetime,
) -> dict[str, str]:
    """Headers of a POST to /. at: UTC."""
    names = "content-type;host"
    canonical = "\n".join([
        "POST", "/", "", f"content-type:{CONTENT_TYPE}\nhost:{host}\n", names, hashlib.sha256(body).hexdigest()])
    timestamp, day = str(int(at.timestamp())), f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{SERVICE}/tc3_request"
    text = "\n".join([ALGORITHM, timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"TC3{secret_key}".encode()
    for part in (day, SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return {
        "host": host, "content-type": CONTENT_TYPE, "x-tc-action": action, "x-tc-version": version,
        "x-tc-timestamp": timestamp, "x-tc-region": region,
        "authorization": f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}",
    }
