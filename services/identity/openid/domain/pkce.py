"""Proof Key for Code Exchange: S256 only.

Source: RFC 7636 sections 4.1 to 4.6
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import re

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    return _CHALLENGE.fullmatch(text) is not None


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def proves(verifier: str | None, challenge: str) -> bool:
    """Tell whether the verifier is the one that the challenge was made of."""
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)
