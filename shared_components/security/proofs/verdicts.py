"""Proofs are verified once: verdicts by the digest of the text, and a limit on those that are wrong."""
from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from shared_components.security.errors import TokenExpired, TokenInvalid
from shared_components.security.proofs.failures import FailureLimit

MOST_VERDICTS = 20_000
WRONG_KEPT_S = 60.0


class Verdict(Protocol):
    """The content of a proof. expires_s: epoch seconds."""

    @property
    def expires_s(self) -> int: ...


Found = TypeVar("Found", bound=Verdict)


class Verdicts(Generic[Found]):
    """Verifies each text once, until it expires; the oldest verdict goes when there are too many.

    read: verifies a text and gives its content; raises TokenInvalid.
    """

    def __init__(self, read: Callable[[str, datetime], Found], most: int = MOST_VERDICTS) -> None:
        self._read, self._most = read, most
        self._kept: OrderedDict[bytes, tuple[Found | TokenInvalid, float]] = OrderedDict()
        self._failures = FailureLimit()

    def verify(self, text: str, *, shown_by: str, at: datetime, fits: Callable[[Found], bool]) -> Found:
        """Give the content of a proof that this caller may show.

        fits: tells whether a genuine proof is for this call.
        Raises TokenInvalid, TokenExpired, TooManyFailures; the last before a signature is computed.
        """
        now_s, digest = at.timestamp(), hashlib.sha256(text.encode()).digest()
        found = self._known(digest, now_s)
        if found is None:
            self._failures.check(shown_by, now_s)
            found = self._verdict(text, digest, at)
        wrong = found if isinstance(found, TokenInvalid) else None if fits(found) else TokenInvalid()
        if wrong is None:
            assert not isinstance(found, TokenInvalid)
            return found
        if isinstance(wrong, TokenExpired):
            # Its signature is good: clients show old tokens every day, and services pass on what has waited.
            raise TokenExpired
        self._failures.check(shown_by, now_s)
        self._failures.note(shown_by, now_s)
        raise type(wrong)

    def _known(self, digest: bytes, now_s: float) -> Found | TokenInvalid | None:
        kept = self._kept.get(digest)
        if kept is None:
            return None
        if kept[1] <= now_s:
            self._kept.pop(digest, None)
            return None
        return kept[0]

    def _verdict(self, text: str, digest: bytes, at: datetime) -> Found | TokenInvalid:
        found: Found | TokenInvalid
        try:
            found = self._read(text, at)
            until_s = float(found.expires_s)
        except TokenInvalid as wrong:
            found, until_s = wrong, at.timestamp() + WRONG_KEPT_S
        self._kept[digest] = (found, until_s)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found
