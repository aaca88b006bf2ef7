"""A sign-in method of an account."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

PASSWORD, TOTP, PASSKEY, RECOVERY_CODE = "password", "totp", "passkey", "recovery-code"
KINDS = (PASSWORD, TOTP, PASSKEY, RECOVERY_CODE)
PENDING, ACTIVE = "pending", "active"


@dataclass(frozen=True, slots=True)
class Credential:
    """secret: by kind: the password's hash, the TOTP secret (base32), the passkey's public data (JSON); None for a
    recovery code. lookup: finds a passkey or a recovery code. counter: see CredentialRow.
    """

    credential_id: str
    population: str
    subject_id: str
    kind: str
    created_at: datetime
    changed_at: datetime
    secret: str | None = field(default=None, repr=False)
    lookup: str | None = field(default=None, repr=False)
    name: str | None = None
    state: str = ACTIVE
    counter: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question that one browser or session may answer once.

    subject_id: None where nobody has the identifier that was given. method: how a confirmation was proved.
    secret: the hash of a code or of a confirmation's token, or a passkey's state.
    """

    challenge_id: str
    population: str
    purpose: str
    subject_id: str | None
    secret: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    tries: int = 0
    method: str | None = None


CODE, PASSKEY_NEW, PASSKEY_SHOWN, CONFIRMATION = "code", "passkey-new", "passkey-shown", "confirmation"
"""Purposes of challenges."""
