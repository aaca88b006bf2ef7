"""Evidence records: their canonical bytes, and what they say."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from shared_components.kernel.evidence import Fact

CAUSE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One record: who did what to whom, and on what basis; without values.

    by: caller, via, department, acting and purpose of the call. values: HMAC of the values, in hex.
    cause: encrypted, in base64. at: aware UTC, ISO 8601.
    """

    record_id: str
    service: str
    owner: str
    action: str
    about: str
    basis: str
    by: Mapping[str, Any]
    fields: Sequence[str]
    case: str | None
    details: Mapping[str, Fact]
    values: str | None
    cause: str | None
    at: str

    def body(self) -> bytes:
        """The record as it is hashed: JSON with sorted keys."""
        return canonical(asdict(self))

    @classmethod
    def of(cls, body: bytes) -> EvidenceRecord:
        """Raises ValueError when the bytes are not those of a record."""
        try:
            return cls(**orjson.loads(body))
        except TypeError:
            raise ValueError("the bytes are not those of an evidence record") from None

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.at)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and without spaces, in UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def cause_context(record_id: str) -> str:
    """The additional data to which an encrypted cause is bound."""
    return f"evidence/{record_id}/cause"


def key_context(record_id: str) -> str:
    """The additional data to which a record's value key is bound."""
    return f"evidence/{record_id}/key"
