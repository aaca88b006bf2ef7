"""The outcome of a sign-in method: this person has shown that the account is theirs."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PASSWORD, CODE, HARDWARE_KEY, SOFTWARE_KEY, UPSTREAM = "pwd", "otp", "hwk", "swk", "ext"
METHODS = (PASSWORD, CODE, HARDWARE_KEY, SOFTWARE_KEY, UPSTREAM)
"""Values of `amr` (RFC 8176): one-time codes and TOTP are `otp`; a passkey that a device syncs is `swk`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A method that a person has passed.

    subject_id: real id of the subject. method: one of METHODS. at: aware UTC.
    credential_id: the credential that was shown; None for a code that was sent to a contact. recovers: True for a
    recovery code.
    """

    subject_id: str
    method: str
    at: datetime
    credential_id: str | None = None
    recovers: bool = False

    @property
    def is_weak(self) -> bool:
        """Tell whether it only recovers an account: who reads a mailbox, or finds a sheet of codes, has it, too."""
        return self.recovers or (self.method == CODE and self.credential_id is None)
