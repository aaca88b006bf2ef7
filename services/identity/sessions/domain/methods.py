"""The assurance level that a way to sign in supports, whatever evidence there is on the person."""
from __future__ import annotations

from collections.abc import Collection

PASSWORD, CODE, HARDWARE_KEY, SOFTWARE_KEY, UPSTREAM, MULTIPLE = "pwd", "otp", "hwk", "swk", "ext", "mfa"
"""Values of `amr` (RFC 8176); `ext` is a sign-in at another identity provider."""
KEYS = frozenset({HARDWARE_KEY, SOFTWARE_KEY})
ONE_FACTOR_LEVEL, TWO_FACTOR_LEVEL, HARDWARE_LEVEL = 2, 3, 4


def supported_level(amr: Collection[str]) -> int:
    """The highest level of a session that was opened by these methods; 0 for none.

    A password or a code alone supports 2, two factors 3, a passkey 3, one in hardware 4. For an upstream sign-in its
    own table says the level, so it counts as one factor here.
    """
    methods = set(amr) - {MULTIPLE}
    if HARDWARE_KEY in methods:
        return HARDWARE_LEVEL
    if SOFTWARE_KEY in methods or len(methods) > 1:
        return TWO_FACTOR_LEVEL
    return ONE_FACTOR_LEVEL if methods else 0
