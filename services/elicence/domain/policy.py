"""Settings of elicence that rules depend on."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """presentation_ttl_s: how long a code to show a licence lives. lenient_credit_codes: see `validate_credit_code`."""

    presentation_ttl_s: int = 60
    lenient_credit_codes: bool = False
