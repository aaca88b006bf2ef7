"""Tokens and tickets in copies of messages: sealed where the call may still be served, removed where it may not.

A copy lies at the broker for longer than its message, and people look at it. Source: docs/adr/060-no-proof-in-a-copy.md
"""
from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

REMOVED = "removed.removed.removed"
"""Stands where a token or a ticket was. It has the form of one, so that the call is answered with a typed error."""
PROOF_HEADERS = ("nameko.token", "nameko.ticket")
LONGEST_PROOF = 8192
"""Characters of a proof that is sealed, far above what the wire format allows; a longer one is removed."""
_SEALED_PREFIX = "sealed."
_PROOF = re.compile(rb'("(?:token|ticket)"\s*:\s*)"([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2})"')
_SEALED = re.compile(rb'"(sealed\.[0-9a-f]{32}\.[A-Za-z0-9_-]+)"')
# In a message that may be cut or unreadable: whatever follows the name, and whatever begins as a JSON Web Token does.
_ANY_PROOF = re.compile(rb'((?:token|ticket)\\?["\']?\s*[:=]\s*\\?["\']?)[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_.-]*)?')
_ANY_JSON_WEB_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,2}")


class ProofSeal(NamedTuple):
    """Hides a text so that the processes of one service alone can read it.

    close: gives URL-safe base64. open: None where the text was not sealed by this service, or its key is gone.
    """

    close: Callable[[str], str]
    open: Callable[[str], str | None]


NO_SEAL = ProofSeal(lambda text: "", lambda sealed: None)
"""Of a process without keys: what it should seal is removed."""


def seal(proof: str, by: ProofSeal) -> str:
    """Give `sealed.<digest>.<text>`, or REMOVED. The digest is that of the proof, so equal proofs can be told."""
    closed = by.close(proof) if len(proof) <= LONGEST_PROOF and proof.isascii() else ""
    digest = blake2b(proof.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{_SEALED_PREFIX}{digest}.{closed}" if closed else REMOVED


def unseal(text: str, by: ProofSeal) -> str:
    """Give the proof, or REMOVED where it cannot be read. A text that was not sealed stays as it is."""
    if not text.startswith(_SEALED_PREFIX):
        return text
    return by.open(text.rsplit(".", 1)[-1]) or REMOVED


def seal_in(body: bytes, by: ProofSeal) -> bytes:
    """Seal each token and ticket of a JSON body."""
    return _PROOF.sub(lambda found: found[1] + b'"' + seal(found[2].decode(), by).encode() + b'"', body)


def unseal_in(body: bytes, by: ProofSeal) -> bytes:
    return _SEALED.sub(lambda found: b'"' + unseal(found[1].decode(), by).encode() + b'"', body)


def digest_or_text(text: str) -> str:
    """Give the digest of a sealed proof, whose text differs each time; other texts stay as they are."""
    return text.split(".")[1] if text.startswith(_SEALED_PREFIX) and text.count(".") == 2 else text


def told_by_digest(body: bytes) -> bytes:
    """The body with digests instead of sealed proofs: sealing one proof twice gives two texts."""
    return _SEALED.sub(lambda found: found[1].split(b".")[1], body)


def remove_from(content: bytes) -> bytes:
    """Remove tokens and tickets from any content, also from one that is cut or no JSON."""
    content = _ANY_PROOF.sub(rb"\1" + REMOVED.encode(), content)
    return _ANY_JSON_WEB_TOKEN.sub(REMOVED.encode(), content)


def remove_from_text(text: str) -> str:
    return remove_from(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
