"""Recovery codes: ten characters without look-alikes, 50 bits, each good once."""
from __future__ import annotations

import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
HALF = 5


def new_code() -> str:
    """A code as people write it: `7K2QX-9MTRW`."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(2 * HALF))
    return f"{signs[:HALF]}-{signs[HALF:]}"


def canonical(text: str) -> str:
    """The ten characters of a code, however it was typed (Crockford's base32)."""
    return text.strip().upper().translate(_READ_AS)
