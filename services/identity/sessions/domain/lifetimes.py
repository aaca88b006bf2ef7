"""How long sessions and tokens live."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shared_components.kernel.acting import CITIZEN, OFFICER

LONGEST_ACCESS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """idle: without a sign of life. absolute: from the login, whatever happens."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """access: of an access token, LONGEST_ACCESS at most. grace: for the retry of a refresh whose reply was lost.

    key_overlap: a new signing key is published for so long before it signs, where a schedule replaces it.
    key_age: a signing key is replaced when it has signed for so long.
    """

    citizen: Lifetime = Lifetime(timedelta(days=1), timedelta(days=30))
    officer: Lifetime = Lifetime(timedelta(minutes=30), timedelta(hours=12))
    access: timedelta = LONGEST_ACCESS
    grace: timedelta = timedelta(seconds=30)
    key_overlap: timedelta = timedelta(minutes=15)
    key_age: timedelta = timedelta(days=30)

    def of(self, kind: str) -> Lifetime:
        """kind: CITIZEN or OFFICER."""
        return {CITIZEN: self.citizen, OFFICER: self.officer}[kind]


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """issuer: the `iss` of all tokens, the platform's public address."""

    issuer: str
    lifetimes: Lifetimes = Lifetimes()
