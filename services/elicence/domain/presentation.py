"""Showing a licence (亮证): a code that works once, for a short time, for one purpose."""
from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

SELECTOR_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Presentation:
    """selector: the code's first part, by which it is found; digest: keyed hash of the whole code.

    verifier: the only caller that may use it, if the holder named one. fields: what the holder chose to show.
    """

    presentation_id: str
    tenant: str
    licence_id: str
    selector: str
    digest: bytes
    purpose: str
    fields: tuple[str, ...]
    verifier: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def is_of(self, digest: bytes) -> bool:
        return hmac.compare_digest(self.digest, digest)

    def used(self, at: datetime | None) -> Presentation:
        """The same, used then; None changes nothing."""
        return self if at is None else replace(self, used_at=at)

    def refusal(self, digest: bytes, *, verifier: str, purpose: str | None, at: datetime) -> str | None:
        """Why the code does not count, as a constant; None when it does.

        Who does not know the whole code is told nothing else: not even that it was used.
        """
        if not self.is_of(digest):
            return "unknown"
        if self.used_at is not None:
            return "used"
        if at >= self.expires_at:
            return "expired"
        if self.verifier is not None and self.verifier != verifier:
            return "other-verifier"
        if purpose is not None and purpose != self.purpose:
            return "other-purpose"
        return None


def normalise_code(text: str) -> str:
    """The code without the separators and in the case in which it was made."""
    return text.replace("-", "").replace(" ", "").upper()


def selector_of(code: str) -> str:
    return code[:SELECTOR_LENGTH]


def grouped(code: str) -> str:
    """The code in groups of four, for reading aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
