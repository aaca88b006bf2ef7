"""Segments: what a sealer states about the records that it sealed together, and what it signs."""
from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from shared_components.evidence_log.records import canonical

_SIGNED = b"zhongtai evidence head\n"
PURPOSE = "evidence"


def signing_purpose(service: str) -> str:
    """The purpose of a service's signing key: `evidence/<service>`; key ids add the version of the master key."""
    return f"{PURPOSE}/{service}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One segment of an owner's log.

    number: 1, 2, …; first: index of its first record in the owner's log, from 0; count: > 0.
    root: Merkle root over its records, in hex. previous: the head before this segment, in hex.
    """

    service: str
    owner: str
    number: int
    first: int
    count: int
    root: str
    previous: str
    sealed_at: str
    key_id: str
    version: int = 1

    def body(self) -> bytes:
        """The statement as it is hashed into the head: JSON with sorted keys."""
        return canonical(asdict(self))

    @classmethod
    def of(cls, body: bytes) -> Statement:
        """Raises ValueError when the bytes are not those of a statement."""
        try:
            return cls(**orjson.loads(body))
        except TypeError:
            raise ValueError("the bytes are not those of a segment's statement") from None

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.sealed_at)


@dataclass(frozen=True, slots=True)
class Head:
    """The Merkle root over the statements 1 to `number` of an owner's log, signed; what a witness keeps.

    root: 32 bytes; signature: Ed25519, 64 bytes, by the key `key_id`.
    """

    service: str
    owner: str
    number: int
    root: bytes
    key_id: str
    signature: bytes

    def signed_bytes(self) -> bytes:
        return signed_bytes(self.service, self.owner, self.number, self.root)

    def as_json(self) -> dict[str, Any]:
        return {"service": self.service, "owner": self.owner, "number": self.number, "head": self.root.hex(),
                "key_id": self.key_id, "signature": base64.b64encode(self.signature).decode()}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Head:
        """Raises ValueError when a part is missing or has another form."""
        try:
            return cls(str(said["service"]), str(said["owner"]), int(said["number"]), bytes.fromhex(said["head"]),
                       str(said["key_id"]), base64.b64decode(said["signature"], validate=True))
        except (KeyError, TypeError) as error:
            raise ValueError(f"a head lacks {error}; service, owner, number, head, key_id and signature are allowed"
                             ) from None


def signed_bytes(service: str, owner: str, number: int, root: bytes) -> bytes:
    """The bytes that the signature of a head is over."""
    return _SIGNED + canonical({"service": service, "owner": owner, "number": number, "head": root.hex()})
