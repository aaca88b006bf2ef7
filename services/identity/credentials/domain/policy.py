"""The policy of credentials that the configuration decides."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from services.identity.credentials.domain.attempts import CODE_RATES, Limits, Rate

EMAIL, SMS = "email", "sms"
CHANNELS = (EMAIL, SMS)
BUILT = (EMAIL,)
"""Channels that notification can send codes through."""


@dataclass(frozen=True, slots=True)
class CodeRules:
    """digits, tries, lifetime: of one code. rates: of codes to one number."""

    digits: int = 6
    tries: int = 5
    lifetime: timedelta = timedelta(minutes=10)
    rates: Sequence[Rate] = CODE_RATES


@dataclass(frozen=True, slots=True)
class PasskeyRules:
    """rp_id: the host that passkeys are bound to. origins: of pages that may use them."""

    rp_id: str
    name: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialPolicy:
    """confirmation: how long a fresh proof allows changes. most: of passkeys an account."""

    limits: Limits = field(default_factory=Limits)
    codes: CodeRules = field(default_factory=CodeRules)
    passkeys: PasskeyRules | None = None
    passkey_lifetime: timedelta = timedelta(minutes=5)
    confirmation: timedelta = timedelta(minutes=5)
    most_passkeys: int = 10
    recovery_codes: int = 10
    issuer: str = "zhongtai"
