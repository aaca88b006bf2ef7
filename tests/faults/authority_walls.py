"""Walls of the decision, each of which can be taken away: the experiment about missing conditions then goes red."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from shared_components.kernel.method_rules import MethodRule
from shared_components.security import tokens
from shared_components.security.authority import admission, permits
from shared_components.security.authority.copies import KnownCopies
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs import access_tokens
from shared_components.security.proofs.verdicts import Verdicts
from shared_components.security.tokens import claims_stated

Change = tuple[Any, str, Any]


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _no(*_: Any, **__: Any) -> bool:
    return False


DECISION: Mapping[str, tuple[Change, ...]] = {
    "sessions": ((KnownCopies, "is_ended", _no),),
    "apps": ((KnownCopies, "is_closed", _no),),
    "memberships": ((KnownCopies, "has_left", _no),),
    "levels": ((MethodRule, "level", property(lambda _: -1)),),
    "scopes": ((admission, "covers_kind", _yes), (permits, "covers", _yes)),
    "mandates": ((KnownCopies, "is_live", _yes),),
    "reach of mandates": ((permits, "_is_within", _yes),),
    "consents": ((permits, "_consents", _yes),),
    "portals": ((KnownCopies, "is_portal", _yes),),
}
"""Walls that the login's facts stand behind: what replaces each."""


def _fits_any(self: Verdicts[Any], text: str, *, shown_by: str, at: datetime, fits: Callable[[Any], bool]) -> Any:
    return _VERIFY(self, text, shown_by=shown_by, at=at, fits=_yes)


def _unverified(token: str, find: Callable[[str], Any], **_: Any) -> dict[str, Any]:
    claims = claims_stated(token)
    if not claims:
        raise TokenInvalid
    return claims


_VERIFY = Verdicts.verify
PROOFS: Mapping[str, tuple[Change, ...]] = {
    "whose proof it is": ((Verdicts, "verify", _fits_any),),
    "issuer, audience and end": ((tokens, "_check_claims", lambda *_: None),),
    "signatures": ((access_tokens, "verified_claims", _unverified), (tokens, "verified_claims", _unverified)),
}
"""Walls of tokens and tickets."""


@contextmanager
def without(changes: tuple[Change, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for where, name, instead in changes:
            stack.enter_context(patch.object(where, name, instead))
        yield
