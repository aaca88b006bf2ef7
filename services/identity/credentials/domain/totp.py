"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, steps of 30 s, as every authenticator app has them."""
from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
DRIFT_STEPS = 1
DIGITS = 6


def new_secret() -> str:
    """160 random bits, in base32."""
    return pyotp.random_base32()


def uri(secret: str, *, account: str, issuer: str) -> str:
    """The address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, at most one before or after the present one; None for no code of these.

    Every step is compared, so that the time tells nothing.
    """
    now, generator = int(at.timestamp()) // STEP_S, pyotp.TOTP(secret)
    given = "".join(code.split())
    steps = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
    found = [step for step in steps if hmac.compare_digest(generator.at(step * STEP_S).encode(), given.encode())]
    return found[-1] if found else None
